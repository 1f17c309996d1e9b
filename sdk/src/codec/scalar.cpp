#include "codec/scalar.hpp"

#include <array>
#include <charconv>
#include <cstring>
#include <limits>
#include <vector>

#include "codec/number.hpp"

namespace twinsocket::detail {

namespace {

int width_of(shape_kind kind) {
  const auto first = is_signed(kind) ? shape_kind::int8 : shape_kind::uint8;
  return 1 << (static_cast<int>(kind) - static_cast<int>(first));
}

// The maximum of an integer type. The minimum of a signed type is one further from zero.
std::uint64_t largest_of(shape_kind kind) {
  return std::numeric_limits<std::uint64_t>::max() >> (64 - 8 * width_of(kind) + is_signed(kind));
}

// Integers are copied as bytes, because platforms differ in whether long or long long is the 64-bit type.
template <class Int>
Int load(const void* value) {
  Int result;
  std::memcpy(&result, value, sizeof result);
  return result;
}
template <class Int>
void store(std::uint64_t from, void* value) {
  const auto narrow = static_cast<Int>(from);
  std::memcpy(value, &narrow, sizeof narrow);
}

std::uint64_t load_bits(shape_kind kind, const void* value) {
  switch (kind) {
    case shape_kind::int8: return static_cast<std::uint64_t>(load<std::int8_t>(value));
    case shape_kind::int16: return static_cast<std::uint64_t>(load<std::int16_t>(value));
    case shape_kind::int32: return static_cast<std::uint64_t>(load<std::int32_t>(value));
    case shape_kind::uint8: return load<std::uint8_t>(value);
    case shape_kind::uint16: return load<std::uint16_t>(value);
    case shape_kind::uint32: return load<std::uint32_t>(value);
    case shape_kind::boolean: return load<bool>(value);
    default: return load<std::uint64_t>(value);
  }
}

void store_bits(shape_kind kind, std::uint64_t bits, void* value) {
  switch (kind) {
    case shape_kind::int8:
    case shape_kind::uint8: return store<std::uint8_t>(bits, value);
    case shape_kind::int16:
    case shape_kind::uint16: return store<std::uint16_t>(bits, value);
    case shape_kind::int32:
    case shape_kind::uint32: return store<std::uint32_t>(bits, value);
    case shape_kind::boolean: return store<bool>(bits, value);
    default: return store<std::uint64_t>(bits, value);
  }
}

std::string_view without_space(std::string_view text) {
  constexpr std::string_view space = " \t\n\r";
  const std::size_t first = text.find_first_not_of(space);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(space) - first + 1);
}

bool read_bool(std::string_view text, bool words, bool& value) {
  constexpr std::array<std::string_view, 6> yes{"true", "1", "True", "TRUE", "t", "T"};
  constexpr std::array<std::string_view, 6> no{"false", "0", "False", "FALSE", "f", "F"};
  for (std::size_t i = 0; i < (words ? yes.size() : 1); ++i)
    if (text == yes[i] || text == no[i]) {
      value = text == yes[i];
      return true;
    }
  return false;
}

bool read_integer(std::string_view text, integer& value) {
  value.negative = text.starts_with('-');
  if (value.negative || text.starts_with('+')) text.remove_prefix(1);
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value.magnitude);
  return problem == std::errc() && end == text.data() + text.size();
}

bool read(const shape& type, std::string_view text, bool words, void* value) {
  if (type.kind == shape_kind::float32) return read_number(text, words, *static_cast<float*>(value));
  if (type.kind == shape_kind::float64) return read_number(text, words, *static_cast<double*>(value));
  if (is_integer(type.kind)) {
    integer number;
    return read_integer(text, number) && store_integer(type.kind, number, value);
  }
  bool flag = false;
  if (!read_bool(text, words, flag)) return false;
  store_bool(type.kind, flag, value);
  return true;
}

}  // namespace

integer load_integer(shape_kind kind, const void* value) noexcept {
  const std::uint64_t bits = load_bits(kind, value);
  if (is_signed(kind) && bits >> 63) return {true, 0 - bits};
  return {false, bits};
}

bool store_integer(shape_kind kind, integer from, void* value) noexcept {
  const std::uint64_t most = largest_of(kind);
  if (from.negative ? from.magnitude > (is_signed(kind) ? most + 1 : 0) : from.magnitude > most) return false;
  store_bits(kind, from.negative ? 0 - from.magnitude : from.magnitude, value);
  return true;
}

void store_bool(shape_kind kind, bool from, void* value) noexcept {
  if (kind == shape_kind::vector_bool_back)
    static_cast<std::vector<bool>*>(value)->back() = from;
  else
    *static_cast<bool*>(value) = from;
}

std::string_view write_integer(char* room, integer value) noexcept {
  char* const end = std::to_chars(room + value.negative, room + integer_room, value.magnitude).ptr;
  if (value.negative) *room = '-';
  return {room, static_cast<std::size_t>(end - room)};
}

std::string text_of(integer value) {
  char room[integer_room];
  return std::string(write_integer(room, value));
}

std::string_view load_name(const enumeration_shape& type, const void* value) noexcept {
  const auto number = static_cast<std::int64_t>(load_bits(type.underlying, value));
  for (const enumerator& each : type.enumerators)
    if (each.value == number) return each.name;
  return {};
}

bool store_name(const enumeration_shape& type, std::string_view name, void* value) noexcept {
  for (const enumerator& each : type.enumerators)
    if (each.name == name) {
      store_bits(type.underlying, static_cast<std::uint64_t>(each.value), value);
      return true;
    }
  return false;
}

std::string unnamed_enumerator_error(const enumeration_shape& type, const void* value) {
  return "expected " + describe_expected(type) + ", found " + text_of(load_integer(type.underlying, value));
}

std::string describe_expected(const shape& type) {
  if (is_integer(type.kind)) {
    const std::uint64_t most = largest_of(type.kind);
    const integer least = is_signed(type.kind) ? integer{true, most + 1} : integer{};
    return "an integer from " + text_of(least) + " to " + text_of({false, most});
  }
  switch (type.kind) {
    case shape_kind::boolean:
    case shape_kind::vector_bool_back: return "a boolean";
    case shape_kind::float32:
    case shape_kind::float64: return "a number";
    case shape_kind::string: return "a string";
    case shape_kind::bytes: return "bytes in base64";
    case shape_kind::enumeration: {
      std::string names;
      for (const enumerator& each : as<enumeration_shape>(type).enumerators)
        names.append(names.empty() ? "" : ", ").append(each.name);
      return "one of " + names;
    }
    case shape_kind::list: return "an array";
    default: return "an object";
  }
}

std::string alternative_names(const variant_shape& type) {
  std::string names;
  for (const alternative& each : type.alternatives) names.append(names.empty() ? "" : ", ").append(each.name);
  return names;
}

std::string key_of(const map_shape& type, const void* map, const void* wanted) {
  std::string found;
  auto look = [&](std::string_view key, const void* value) {
    if (value == wanted) found = key;
    return value != wanted;
  };
  type.each(map, look);
  return found;
}

bool is_empty(const shape& type, const void* value) noexcept {
  switch (type.kind) {
    case shape_kind::float32: return *static_cast<const float*>(value) == 0;
    case shape_kind::float64: return *static_cast<const double*>(value) == 0;
    case shape_kind::string: return static_cast<const std::string*>(value)->empty();
    case shape_kind::bytes: return as<bytes_shape>(type).view(value).empty();
    case shape_kind::enumeration: return load_bits(as<enumeration_shape>(type).underlying, value) == 0;
    case shape_kind::optional: return !as<optional_shape>(type).get(value);
    case shape_kind::list: return as<list_shape>(type).size(value) == 0;
    case shape_kind::map: return as<map_shape>(type).size(value) == 0;
    case shape_kind::converted: {
      bool empty = false;
      auto look = [&](const void* wire) { return empty = is_empty(*as<converted_shape>(type).wire, wire); };
      std::string why_not;
      as<converted_shape>(type).to_wire(value, look, why_not);
      return empty;
    }
    case shape_kind::boolean: return load_bits(type.kind, value) == 0;
    default: return is_integer(type.kind) && load_bits(type.kind, value) == 0;
  }
}

bool read_plain(const shape& type, std::string_view text, void* value) noexcept {
  return (type.kind == shape_kind::boolean || is_json_number(text)) && read(type, text, false, value);
}

bool read_leniently(const shape& type, std::string_view text, void* value) noexcept {
  return read(type, text.empty() ? "0" : without_space(text), true, value);
}

}  // namespace twinsocket::detail
