#include "codec/xml_members.hpp"

#include "codec/document_error.hpp"
#include "codec/scalar.hpp"
#include "protocol/base64.hpp"

namespace twinsocket::detail {

namespace {

bool read_bytes(const bytes_shape& type, std::string_view text, void* value) {
  const auto size = decoded_base64_size(text);
  std::byte* const room = size ? type.resize(value, *size) : nullptr;
  if (room) decode_base64(room, text);
  return room;
}

bool read_converted(const converted_shape& type, std::string_view text, void* value, std::string& reason) {
  void* const wire = type.make_wire();
  const bool done = read_text(*type.wire, text, wire, reason) && type.from_wire(wire, value, reason);
  type.destroy_wire(wire);
  return done;
}

}  // namespace

std::size_t find_element(const record_shape& type, std::string_view around, std::string_view name,
                         std::size_t last) noexcept {
  const std::size_t size = around.size() + name.size();
  std::size_t found = last == no_index ? 0 : last;
  for (std::size_t tried = 0; tried < type.members.size(); ++tried, ++found) {
    if (found >= type.members.size()) found = 0;
    const member_shape& member = type.members[found];
    if (member.form != member_form::element || member.xml_name.size() < size) continue;
    if (member.xml_name.size() != size && member.xml_name[size] != '>') continue;
    if (member.xml_name.substr(around.size(), name.size()) == name && member.xml_name.starts_with(around)) return found;
  }
  return no_index;
}

std::size_t find_attribute(const record_shape& type, std::string_view name) noexcept {
  for (std::size_t i = 0; i < type.members.size(); ++i)
    if (type.members[i].form == member_form::attribute && type.members[i].xml_name == name) return i;
  return no_index;
}

const shape& unwrap_optional(const shape& type, void*& value, bool anew) {
  const shape* inner = &type;
  for (; inner->kind == shape_kind::optional; inner = as<optional_shape>(*inner).inner) {
    const auto& optional = as<optional_shape>(*inner);
    value = anew ? optional.emplace(value) : const_cast<void*>(optional.get(value));
  }
  return *inner;
}

bool can_be_absent(const shape& type) noexcept {
  return type.kind == shape_kind::optional || type.kind == shape_kind::map ||
         (type.kind == shape_kind::list && as<list_shape>(type).count == dynamic_count);
}

bool read_text(const shape& type, std::string_view text, void* value, std::string& reason) {
  bool done = false;
  switch (type.kind) {
    case shape_kind::optional:
      return read_text(*as<optional_shape>(type).inner, text, as<optional_shape>(type).emplace(value), reason);
    case shape_kind::converted: return read_converted(as<converted_shape>(type), text, value, reason);
    case shape_kind::string: static_cast<std::string*>(value)->assign(text); return true;
    case shape_kind::bytes: done = read_bytes(as<bytes_shape>(type), text, value); break;
    case shape_kind::enumeration: done = store_name(as<enumeration_shape>(type), text, value); break;
    default: done = read_leniently(type, text, value); break;
  }
  if (!done) reason = "expected " + describe_expected(type) + ", found " + quote_for_error(text);
  return done;
}

}  // namespace twinsocket::detail
