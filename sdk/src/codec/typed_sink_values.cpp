// The events for scalar values.

#include <cmath>
#include <cstring>
#include <utility>

#include "codec/typed_sink.hpp"
#include "protocol/base64.hpp"

namespace twinsocket::detail {

namespace {

template <class Float>
void store_real(integer from, void* value) {
  const auto magnitude = static_cast<Float>(from.magnitude);
  *static_cast<Float*>(value) = from.negative ? -magnitude : magnitude;
}

// True if the value is finite as a float.
bool narrows(double value) {
  // Halfway between the largest float and the next power of two, where rounding goes up.
  constexpr double limit = 0x1.FFFFFFp127;
  return std::fabs(value) < limit;
}

std::string text_of(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-infinity" : "infinity";
  char room[number_room];
  return std::string(write_json_number(room, value));
}

/// What a type with a wire form is read as.
const shape& wire_of(const shape& type) {
  const shape* wire = &type;
  while (wire->kind == shape_kind::converted) wire = as<converted_shape>(*wire).wire;
  return *wire;
}

}  // namespace

bool typed_sink::expected(const shape& type, std::string_view found) {
  const bool raw = type.kind == shape_kind::bytes && format_ == document_format::cbor;
  std::string reason = "expected " + (raw ? "bytes" : describe_expected(type));
  if (as_string_) reason += " in a string";
  return reject(errc::type_mismatch, reason.append(", found ").append(found));
}

bool typed_sink::null() {
  if (skips(0)) return true;
  target next = begin_value();
  if (!next.type) return false;
  if (next.type->kind == shape_kind::converted && wire_of(*next.type).kind == shape_kind::optional)
    next = unwrap(next, true);
  switch (next.type->kind) {
    case shape_kind::optional: as<optional_shape>(*next.type).reset(next.value); return end_value();
    case shape_kind::map: as<map_shape>(*next.type).clear(next.value); return end_value();
    case shape_kind::bytes:
      if (as<bytes_shape>(*next.type).resize(next.value, 0)) return end_value();
      break;
    case shape_kind::list:
      if (as<list_shape>(*next.type).count != dynamic_count) break;
      as<list_shape>(*next.type).clear(next.value);
      return end_value();
    default: break;
  }
  // A wire form that null is not: it has no value that would be in a string.
  if (next.type->kind == shape_kind::converted) as_string_ = false;
  return expected(wire_of(*next.type), "null");
}

// Reads an integer that is not one of the type.
bool typed_sink::read_integer(target next, integer value) {
  const shape_kind kind = next.type->kind;
  if (is_integer(kind) && !as_string_) return expected(*next.type, text_of(value));
  if (as_string_ || (kind != shape_kind::float64 && kind != shape_kind::float32))
    return expected(*next.type, "a number");
  if (kind == shape_kind::float64)
    store_real<double>(value, next.value);
  else
    store_real<float>(value, next.value);
  return end_value();
}

bool typed_sink::number(double value) {
  if (skips(0)) return true;
  const target next = descend();
  if (!next.type) return false;
  if (next.type->kind == shape_kind::float64) {
    *static_cast<double*>(next.value) = value;
  } else if (next.type->kind == shape_kind::float32 && (!std::isfinite(value) || narrows(value))) {
    *static_cast<float*>(next.value) = static_cast<float>(value);
  } else {
    return reject_real(*next.type, text_of(value));
  }
  return end_value();
}

bool typed_sink::number(const number_parts& value) {
  if (skips(0)) return true;
  const target next = descend();
  if (!next.type) return false;
  if (as_string_) return expected(*next.type, "a number");
  const bool done = next.type->kind == shape_kind::float64
                        ? convert(value, *static_cast<double*>(next.value))
                        : next.type->kind == shape_kind::float32 && convert(value, *static_cast<float*>(next.value));
  return done ? end_value() : reject_real(*next.type, value.text);
}

// Rejects a number that is not an integer, or is too large.
bool typed_sink::reject_real(const shape& type, std::string_view text) {
  constexpr std::size_t longest = 40;
  std::string found(text.substr(0, longest));
  if (text.size() > longest) found += "...";
  if (is_integer(type.kind)) return expected(type, found);
  if (type.kind != shape_kind::float32 && type.kind != shape_kind::float64) return expected(type, "a number");
  const std::string_view name = type.kind == shape_kind::float32 ? "float" : "double";
  return reject(errc::type_mismatch, "expected a number in the range of a " + std::string(name) + ", found " + found);
}

// Reads a string into another type than std::string.
bool typed_sink::read_string(target next, std::string_view value) {
  if (as_string_) {
    if (!read_plain(*next.type, value, next.value)) return expected(*next.type, quote_for_error(value));
    return end_value();
  }
  switch (next.type->kind) {
    case shape_kind::enumeration:
      if (!store_name(as<enumeration_shape>(*next.type), value, next.value))
        return expected(*next.type, quote_for_error(value));
      break;
    case shape_kind::bytes: {
      if (format_ == document_format::cbor) return expected(*next.type, "a string");
      const auto size = decoded_base64_size(value);
      if (!size) return expected(*next.type, quote_for_error(value));
      std::byte* const room = as<bytes_shape>(*next.type).resize(next.value, *size);
      if (!room) return reject(errc::type_mismatch, "a wrong number of bytes: " + std::to_string(*size));
      decode_base64(room, value);
      break;
    }
    default: return expected(*next.type, "a string");
  }
  return end_value();
}

bool typed_sink::bytes(std::span<const std::byte> value) {
  if (skips(0)) return true;
  const target next = descend();
  if (!next.type) return false;
  if (next.type->kind != shape_kind::bytes) return expected(*next.type, "bytes");
  std::byte* const room = as<bytes_shape>(*next.type).resize(next.value, value.size());
  if (!room) return reject(errc::type_mismatch, "a wrong number of bytes: " + std::to_string(value.size()));
  if (!value.empty()) std::memcpy(room, value.data(), value.size());
  return end_value();
}

}  // namespace twinsocket::detail
