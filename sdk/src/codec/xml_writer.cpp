#include <cmath>
#include <string>
#include <utility>

#include "codec/document_writer.hpp"
#include "codec/map_order.hpp"
#include "codec/number.hpp"
#include "codec/scalar.hpp"
#include "codec/xml_text.hpp"
#include "twinsocket/xml.hpp"

namespace twinsocket {

namespace detail {

namespace {

// An element to be written: its name, and its key in a map.
struct place {
  std::string_view name;
  const std::string_view* key = nullptr;
  bool in_list = false;  // An element of a list: it cannot be omitted, so it needs a value.
  bool single = false;   // Exactly one element: a list in it needs elements of its own.
};

constexpr std::string_view item = "item";
constexpr std::string_view key_attribute = "key";

class xml_writer : public document_writer {
 public:
  using document_writer::document_writer;

  bool write_document(const shape& type, const void* value) {
    if (type.kind == shape_kind::variant) return write_held(as<variant_shape>(type), value);
    return write({as<record_shape>(type).name}, type, value);
  }

 private:
  bool write(const place& at, const shape& type, const void* value) {
    switch (type.kind) {
      case shape_kind::optional: return write_optional(at, as<optional_shape>(type), value);
      case shape_kind::converted: return write_converted(at, as<converted_shape>(type), value);
      case shape_kind::list:
        return at.single ? write_around(at, type, value) : write_list(at.name, as<list_shape>(type), value);
      case shape_kind::map:
        return at.single ? write_around(at, type, value) : write_map(at.name, as<map_shape>(type), value);
      case shape_kind::record: return write_record(at, as<record_shape>(type), value);
      default: return write_around(at, type, value);
    }
  }

  [[gnu::noinline]] bool write_optional(const place& at, const optional_shape& type, const void* value) {
    const void* const held = type.get(value);
    if (held) return write(at, *type.inner, held);
    if (at.in_list) return reject(errc::invalid_argument, "XML cannot represent an element without a value");
    return true;
  }

  // An element that contains a scalar, a variant, or the elements of an inner list.
  [[gnu::noinline]] bool write_around(const place& at, const shape& type, const void* value) {
    if (!enter() || !open(at)) return false;
    out_.put('>');
    if (!write_inside(type, value)) return false;
    close(at.name);
    return true;
  }
  bool write_inside(const shape& type, const void* value) {
    switch (type.kind) {
      case shape_kind::list: return write_list(item, as<list_shape>(type), value);
      case shape_kind::map: return write_map(item, as<map_shape>(type), value);
      case shape_kind::variant: return write_held(as<variant_shape>(type), value);
      default: return write_single(type, value);
    }
  }

  [[gnu::noinline]] bool open(const place& at) {
    out_.put('<');
    out_.put(at.name);
    if (!at.key) return true;
    open_attribute(key_attribute);
    if (!write_text(*at.key)) return false;
    out_.put('"');
    return true;
  }
  [[gnu::noinline]] bool write_text(std::string_view text) {
    if (write_xml_text(out_, text)) return true;
    const error flaw = xml_text_flaw(text);
    return reject(flaw.code(), flaw.detail());
  }
  [[gnu::noinline]] void close(std::string_view name) {
    out_.put("</");
    out_.put(name);
    out_.put('>');
    leave();
  }
  void open_attribute(std::string_view name) {
    out_.put(' ');
    out_.put(name);
    out_.put("=\"");
  }

  [[gnu::noinline]] bool write_list(std::string_view name, const list_shape& type, const void* list) {
    std::size_t index = 0;
    auto write_element = [&](const void* value) {
      if (!write({name, nullptr, true, true}, *type.element, value)) {
        error_.prepend_element(index);
        return false;
      }
      ++index;
      return true;
    };
    return type.each(list, write_element);
  }

  [[gnu::noinline]] bool write_map(std::string_view name, const map_shape& type, const void* map) {
    auto write_entry = [&](std::string_view key, const void* value) {
      if (write({name, &key, true, true}, *type.value, value)) return true;
      error_.prepend_key(key);
      return false;
    };
    return visit_sorted(type, map, write_entry);
  }

  [[gnu::noinline]] bool write_converted(const place& at, const converted_shape& type, const void* value) {
    place alone = at;
    alone.single = true;
    auto write_wire = [&](const void* wire) { return write(alone, *type.wire, wire); };
    return convert(type, value, write_wire);
  }

  [[gnu::noinline]] bool write_held(const variant_shape& type, const void* value) {
    const alternative* const held = active_alternative(type, value);
    if (!held) return false;
    if (write({held->name}, *held->type, type.get(value))) return true;
    error_.prepend_member(held->name);
    return false;
  }

  [[gnu::noinline]] bool write_record(const place& at, const record_shape& type, const void* record) {
    if (!open_record(at, type, record)) return false;
    parents around{};
    for (const member_shape& member : type.members)
      if (member.form != member_form::attribute && !write_member(around, member, member.get(const_cast<void*>(record))))
        return false;
    move(around, {}, false);
    close(at.name);
    return true;
  }

  [[gnu::noinline]] bool open_record(const place& at, const record_shape& type, const void* record) {
    if (!type.invalid_xml_name.empty())
      return reject(errc::invalid_argument, quote_for_error(type.invalid_xml_name) + " cannot be a name in XML");
    if (!enter() || !open(at)) return false;
    for (const member_shape& member : type.members)
      if (member.form == member_form::attribute && !write_attribute(at, member, member.get(const_cast<void*>(record))))
        return false;
    out_.put('>');
    return true;
  }

  [[gnu::noinline]] bool write_attribute(const place& at, const member_shape& member, const void* value) {
    if (member.omit_empty && is_empty(*member.type, value)) return true;
    if (at.key && member.xml_name == key_attribute)
      return reject(errc::invalid_argument, "the attribute \"key\" holds the key of the map");
    if (is_absent(*member.type, value)) return true;
    open_attribute(member.xml_name);
    if (!write_single(*member.type, value)) {
      error_.prepend_member(member.name);
      return false;
    }
    out_.put('"');
    return true;
  }

  // The elements around members whose names are paths. Consecutive members share them.
  using parents = std::string_view;

  bool write_member(parents& around, const member_shape& member, const void* value) {
    if (write_in(around, member, value)) return true;
    error_.prepend_member(member.name);
    return false;
  }
  bool write_in(parents& around, const member_shape& member, const void* value) {
    const bool absent = is_absent(*member.type, value);
    if (member.form == member_form::content) {
      move(around, {}, false);
      return absent || write_single(*member.type, value);
    }
    // As in Go: the parent elements of an empty list are written, those of an absent value are not.
    const std::size_t parents_size = member.xml_name.rfind('>') + 1;
    if (!move(around, member.xml_name.substr(0, parents_size), !absent)) return false;
    if (absent || (member.omit_empty && is_empty(*member.type, value))) return true;
    const place at{member.xml_name.substr(parents_size)};
    return write(at, *member.type, value);
  }

  // Closes elements that are not in `wanted`, which has the form a>b>, and opens those that are missing.
  [[gnu::noinline]] bool move(parents& around, std::string_view wanted, bool may_open) {
    std::size_t shared = 0;
    for (std::size_t i = 0; i < around.size() && i < wanted.size() && around[i] == wanted[i]; ++i)
      if (wanted[i] == '>') shared = i + 1;
    while (around.size() > shared) {
      around.remove_suffix(1);
      const std::size_t start = around.rfind('>') + 1;
      close(around.substr(start));
      around = around.substr(0, start);
    }
    while (may_open && around.size() < wanted.size()) {
      const std::size_t end = wanted.find('>', around.size());
      if (!enter() || !open({wanted.substr(around.size(), end - around.size())})) return false;
      out_.put('>');
      around = wanted.substr(0, end + 1);
    }
    return true;
  }

  static bool is_absent(const shape& type, const void* value) {
    return type.kind == shape_kind::optional && is_empty(type, value);
  }

  [[gnu::noinline]] bool write_single(const shape& type, const void* value) {
    char text[number_room];
    switch (type.kind) {
      case shape_kind::optional: {
        const void* const held = as<optional_shape>(type).get(value);
        return !held || write_single(*as<optional_shape>(type).inner, held);
      }
      case shape_kind::converted: {
        auto write_wire = [&](const void* wire) { return write_single(*as<converted_shape>(type).wire, wire); };
        return convert(as<converted_shape>(type), value, write_wire);
      }
      case shape_kind::boolean:
      case shape_kind::vector_bool_back: out_.put(*static_cast<const bool*>(value) ? "true" : "false"); return true;
      case shape_kind::float32: out_.put(write_xml_number(text, *static_cast<const float*>(value))); return true;
      case shape_kind::float64: out_.put(write_xml_number(text, *static_cast<const double*>(value))); return true;
      case shape_kind::string: return write_text(*static_cast<const std::string*>(value));
      case shape_kind::bytes: put_base64(as<bytes_shape>(type).view(value)); return true;
      case shape_kind::enumeration: return write_name(as<enumeration_shape>(type), value);
      default: out_.put(write_integer(text, load_integer(type.kind, value))); return true;
    }
  }

  [[gnu::noinline]] bool write_name(const enumeration_shape& type, const void* value) {
    std::string_view name;
    if (!find_name(type, value, name)) return false;
    return write_text(name);
  }
};

}  // namespace

}  // namespace detail

result<message> xml_codec::write(const detail::shape& type, const void* value) const {
  detail::xml_writer writer(options_.max_depth);
  const bool written = writer.write_document(type, value);
  return std::move(writer).finish(written, message_kind::text);
}

}  // namespace twinsocket
