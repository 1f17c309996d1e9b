#include <cmath>
#include <utility>

#include "codec/document_writer.hpp"
#include "codec/json_text.hpp"
#include "codec/map_order.hpp"
#include "codec/number.hpp"
#include "codec/scalar.hpp"
#include "twinsocket/json.hpp"

namespace twinsocket {

namespace detail {

namespace {

class json_writer : public document_writer {
 public:
  using document_writer::document_writer;

  bool write(const shape& type, const void* value) {
    switch (type.kind) {
      case shape_kind::boolean:
      case shape_kind::vector_bool_back: return write_single(*static_cast<const bool*>(value) ? "true" : "false");
      case shape_kind::float32: return write_float(*static_cast<const float*>(value));
      case shape_kind::float64: return write_float(*static_cast<const double*>(value));
      case shape_kind::string: return write_string(*static_cast<const std::string*>(value));
      case shape_kind::bytes: return write_bytes(as<bytes_shape>(type).view(value));
      case shape_kind::enumeration: return write_enumeration(as<enumeration_shape>(type), value);
      case shape_kind::optional: {
        const auto& optional = as<optional_shape>(type);
        const void* const held = optional.get(value);
        return held ? write(*optional.inner, held) : (out_.put("null"), true);
      }
      case shape_kind::list: return write_list(as<list_shape>(type), value);
      case shape_kind::map: return write_map(as<map_shape>(type), value);
      case shape_kind::record: return write_record(as<record_shape>(type), value);
      case shape_kind::variant: return write_variant(as<variant_shape>(type), value);
      case shape_kind::converted: return write_converted(as<converted_shape>(type), value);
      default: return write_number(load_integer(type.kind, value));
    }
  }

 private:
  bool open(char bracket) {
    if (!enter()) return false;
    out_.put(bracket);
    return true;
  }
  bool close(char bracket) {
    out_.put(bracket);
    return leave();
  }

  [[gnu::noinline]] bool write_number(integer value) {
    char text[integer_room];
    return write_single(write_integer(text, value));
  }

  [[gnu::noinline]] bool write_single(std::string_view text) {
    if (as_string_) out_.put('"');
    out_.put(text);
    if (as_string_) out_.put('"');
    return true;
  }

  template <class Float>
  [[gnu::noinline]] bool write_float(Float value) {
    if (!std::isfinite(value)) return reject(errc::invalid_argument, "JSON has no number for NaN and infinity");
    char text[number_room];
    return write_single(write_json_number(text, value));
  }

  [[gnu::noinline]] bool write_string(std::string_view text) {
    if (!write_json_string(out_, text)) return reject_utf8(text);
    return true;
  }

  [[gnu::noinline]] bool write_bytes(std::span<const std::byte> bytes) {
    out_.put('"');
    put_base64(bytes);
    out_.put('"');
    return true;
  }

  [[gnu::noinline]] bool write_enumeration(const enumeration_shape& type, const void* value) {
    std::string_view name;
    return find_name(type, value, name) && write_string(name);
  }

  [[gnu::noinline]] bool write_list(const list_shape& type, const void* list) {
    std::size_t index = 0;
    auto write_element = [&](const void* element) {
      if (index) out_.put(',');
      if (!write(*type.element, element)) {
        error_.prepend_element(index);
        return false;
      }
      ++index;
      return true;
    };
    if (!open('[') || !type.each(list, write_element)) return false;
    return close(']');
  }

  [[gnu::noinline]] bool write_map(const map_shape& type, const void* map) {
    bool first = true;
    auto write_entry = [&](std::string_view key, const void* value) {
      if (!first) out_.put(',');
      first = false;
      if (!write_string(key)) return false;
      out_.put(':');
      if (write(*type.value, value)) return true;
      error_.prepend_key(key);
      return false;
    };
    if (!open('{') || !visit_sorted(type, map, write_entry)) return false;
    return close('}');
  }

  [[gnu::noinline]] bool write_record(const record_shape& type, const void* record) {
    if (!open('{')) return false;
    bool first = true;
    for (const member_shape& member : type.members) {
      const void* const value = member.get(const_cast<void*>(record));
      if (member.omit_empty && is_empty(*member.type, value)) continue;
      if (!first) out_.put(',');
      first = false;
      if (!write_string(member.name)) return false;
      out_.put(':');
      as_string_ = member.as_string;
      const bool done = write(*member.type, value);
      as_string_ = false;
      if (!done) {
        error_.prepend_member(member.name);
        return false;
      }
    }
    return close('}');
  }

  [[gnu::noinline]] bool write_variant(const variant_shape& type, const void* value) {
    const alternative* const held = active_alternative(type, value);
    if (!held || !open('{') || !write_string(held->name)) return false;
    out_.put(':');
    if (write(*held->type, type.get(value))) return close('}');
    error_.prepend_member(held->name);
    return false;
  }

  [[gnu::noinline]] bool write_converted(const converted_shape& type, const void* value) {
    auto write_wire = [&](const void* wire) { return write(*type.wire, wire); };
    return convert(type, value, write_wire);
  }

  bool as_string_ = false;
};

}  // namespace

}  // namespace detail

result<message> json_codec::write(const detail::shape& type, const void* value) const {
  detail::json_writer writer(options_.max_depth);
  const bool written = writer.write(type, value);
  return std::move(writer).finish(written, message_kind::text);
}

}  // namespace twinsocket
