#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <utility>

#include "codec/document_writer.hpp"
#include "codec/map_order.hpp"
#include "codec/scalar.hpp"
#include "protocol/utf8.hpp"
#include "twinsocket/cbor.hpp"

namespace twinsocket {

namespace detail {

namespace {

class cbor_writer : public document_writer {
 public:
  using document_writer::document_writer;

  bool write(const shape& type, const void* value) {
    switch (type.kind) {
      case shape_kind::boolean:
      case shape_kind::vector_bool_back: return put_byte(*static_cast<const bool*>(value) ? 0xF5 : 0xF4);
      case shape_kind::float32: return write_real(*static_cast<const float*>(value));
      case shape_kind::float64: return write_real(*static_cast<const double*>(value));
      case shape_kind::string: return write_string(*static_cast<const std::string*>(value));
      case shape_kind::bytes: {
        const auto bytes = as<bytes_shape>(type).view(value);
        put_head(2, bytes.size());
        out_.put(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
        return true;
      }
      case shape_kind::enumeration: {
        std::string_view name;
        return find_name(as<enumeration_shape>(type), value, name) && write_string(name);
      }
      case shape_kind::optional: {
        const void* const held = as<optional_shape>(type).get(value);
        return held ? write(*as<optional_shape>(type).inner, held) : put_byte(0xF6);
      }
      case shape_kind::list: return write_list(as<list_shape>(type), value);
      case shape_kind::map: return write_map(as<map_shape>(type), value);
      case shape_kind::record: return write_record(as<record_shape>(type), value);
      case shape_kind::variant: return write_variant(as<variant_shape>(type), value);
      case shape_kind::converted: return write_converted(as<converted_shape>(type), value);
      default: {
        const integer number = load_integer(type.kind, value);
        put_head(number.negative, number.magnitude - number.negative);
        return true;
      }
    }
  }

 private:
  bool put_byte(unsigned value) {
    out_.put(static_cast<char>(value));
    return true;
  }
  void put_number(std::uint64_t value, int bytes) {
    while (bytes--) put_byte(static_cast<unsigned>(value >> 8 * bytes & 255));
  }
  // The first byte and the argument, in the shortest form (RFC 8949 section 3).
  void put_head(unsigned major, std::uint64_t argument) {
    if (argument < 24) {
      put_byte(major << 5 | static_cast<unsigned>(argument));
      return;
    }
    const int power = argument < 0x100 ? 0 : argument < 0x10000 ? 1 : argument < 0x1'0000'0000 ? 2 : 3;
    put_byte(major << 5 | static_cast<unsigned>(24 + power));
    put_number(argument, 1 << power);
  }

  bool write_real(double value) {
    if (std::isnan(value)) return put_byte(0xF9), put_number(0x7E00, 2), true;
    if (std::isinf(value)) return put_byte(0xF9), put_number(value < 0 ? 0xFC00 : 0x7C00, 2), true;
    if (std::fabs(value) <= std::numeric_limits<float>::max()) {
      const auto narrow = static_cast<float>(value);
      if (narrow == value) {
        std::uint32_t bits = 0;
        std::memcpy(&bits, &narrow, sizeof bits);
        return put_byte(0xFA), put_number(bits, 4), true;
      }
    }
    std::uint64_t bits = 0;
    std::memcpy(&bits, &value, sizeof bits);
    return put_byte(0xFB), put_number(bits, 8), true;
  }

  bool write_string(std::string_view text) {
    if (!is_valid_utf8(text)) return reject_utf8(text);
    put_head(3, text.size());
    out_.put(text);
    return true;
  }

  bool open(unsigned major, std::size_t count) {
    if (!enter()) return false;
    put_head(major, count);
    return true;
  }

  [[gnu::noinline]] bool write_list(const list_shape& type, const void* list) {
    std::size_t index = 0;
    auto write_element = [&](const void* element) {
      if (!write(*type.element, element)) {
        error_.prepend_element(index);
        return false;
      }
      ++index;
      return true;
    };
    if (!open(4, type.size(list)) || !type.each(list, write_element)) return false;
    return leave();
  }

  [[gnu::noinline]] bool write_map(const map_shape& type, const void* map) {
    auto write_entry = [&](std::string_view key, const void* value) {
      if (!write_string(key)) return false;
      if (write(*type.value, value)) return true;
      error_.prepend_key(key);
      return false;
    };
    if (!open(5, type.size(map)) || !visit_sorted(type, map, write_entry)) return false;
    return leave();
  }

  [[gnu::noinline]] bool write_record(const record_shape& type, const void* record) {
    const auto value_of = [&](const member_shape& member) { return member.get(const_cast<void*>(record)); };
    const auto is_left_out = [&](const member_shape& member) {
      return member.omit_empty && is_empty(*member.type, value_of(member));
    };
    std::size_t count = 0;
    for (const member_shape& member : type.members) count += !is_left_out(member);
    if (!open(5, count)) return false;
    for (const member_shape& member : type.members) {
      if (is_left_out(member)) continue;
      if (!write_string(member.name)) return false;
      if (write(*member.type, value_of(member))) continue;
      error_.prepend_member(member.name);
      return false;
    }
    return leave();
  }

  [[gnu::noinline]] bool write_variant(const variant_shape& type, const void* value) {
    const alternative* const held = active_alternative(type, value);
    if (!held || !open(5, 1) || !write_string(held->name)) return false;
    if (write(*held->type, type.get(value))) return leave();
    error_.prepend_member(held->name);
    return false;
  }

  [[gnu::noinline]] bool write_converted(const converted_shape& type, const void* value) {
    auto write_wire = [&](const void* wire) { return write(*type.wire, wire); };
    return convert(type, value, write_wire);
  }
};

}  // namespace

}  // namespace detail

result<message> cbor_codec::write(const detail::shape& type, const void* value) const {
  detail::cbor_writer writer(options_.max_depth);
  const bool written = writer.write(type, value);
  return std::move(writer).finish(written, message_kind::binary);
}

}  // namespace twinsocket
