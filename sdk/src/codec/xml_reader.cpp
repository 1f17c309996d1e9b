#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "codec/document_error.hpp"
#include "codec/member_set.hpp"
#include "codec/scalar.hpp"
#include "codec/xml_members.hpp"
#include "codec/xml_scan.hpp"
#include "codec/xml_tree.hpp"
#include "twinsocket/xml.hpp"

namespace twinsocket {

namespace detail {

namespace {

// Reads a tree along the description of a type, without recursion, because the tree may be deeper than a small stack
// permits.
class xml_reader {
 public:
  using element = xml_tree::element;

  xml_reader(const xml_tree& tree, bool disallow_unknown) : tree_(tree), refuse_unknown_(disallow_unknown) {}
  xml_reader(const xml_reader&) = delete;
  xml_reader& operator=(const xml_reader&) = delete;
  ~xml_reader() {
    for (const frame& each : frames_)
      if (each.type->kind == shape_kind::converted) as<converted_shape>(*each.type).destroy_wire(each.slot);
  }

  bool read_document(const shape& type, void* value) {
    if (!read_root(tree_.root(), type, value)) return false;
    while (!frames_.empty()) {
      frame& top = frames_.back();
      const element child = top.next;
      if (child) top.next = tree_.next_sibling(child);
      if (!(child ? enter(child) : leave())) return false;
    }
    return true;
  }

  [[nodiscard]] error why() const { return error_.to_error("at line " + std::to_string(line_)); }

 private:
  // An element whose children are being read, or a converted value whose wire form is being read.
  struct frame {
    const shape* type;
    void* object;
    element at;
    element next;                  // The child that is read next.
    std::size_t owner;             // The frame of the struct; a different frame for an element inside a path a>b.
    std::size_t counts;            // The size of counts_ before it.
    std::string_view around{};     // The part of the members' paths above it, of the form a>b>.
    void* slot = nullptr;          // The wire form.
    std::size_t index = no_index;  // The current member or alternative; for a list the number of items begun.
    std::size_t item = no_index;   // The index of the element in a list.
    const char* key = nullptr;     // The key of the value in a map.
    bool inside = false;           // A value in it has begun.
    member_set seen{};
  };

  bool reject(const element& at, std::string_view before, std::string_view name = {}, std::string_view after = {}) {
    std::string reason(before);
    if (name.data()) reason += quote_for_error(name);
    error_ = document_error(errc::type_mismatch, reason.append(after));
    line_ = tree_.line_of(at);
    for (std::size_t i = frames_.size(); i-- > 0;)
      if (frames_[i].inside) leave_path(frames_[i]);
    return false;
  }
  void leave_path(const frame& from) {
    if (from.key) error_.prepend_key(from.key);
    if (from.item != no_index) error_.prepend_element(from.item);
    if (from.type->kind == shape_kind::record)
      error_.prepend_member(as<record_shape>(*from.type).members[from.index].name);
    if (from.type->kind == shape_kind::variant)
      error_.prepend_member(as<variant_shape>(*from.type).alternatives[from.index].name);
  }
  bool reject_count(const element& at, std::size_t expected, std::size_t found) {
    const std::string number = found > expected ? "more" : std::to_string(found);
    return reject(at, "expected " + std::to_string(expected) + " elements, found " + number);
  }
  bool disallow_unknown(const element& at) { return reject(at, "the element ", at.node->Name(), " is not known"); }

  bool read_root(const element& root, const shape& type, void* value) {
    const std::string_view name = local_name(root.node->Name());
    if (type.kind == shape_kind::variant) {
      open(root, type, value, {});
      return enter_alternative(root, as<variant_shape>(type), name);
    }
    const auto& record = as<record_shape>(type);
    if (name == record.name) return read(root, type, value);
    return reject(root, "expected the element " + quote_for_error(record.name) + ", found ", name);
  }

  // Reads a value that is one element, or opens it to read its children.
  bool read(const element& at, const shape& type, void* value, bool is_map_entry = false) {
    switch (type.kind) {
      case shape_kind::optional:
        return read(at, *as<optional_shape>(type).inner, as<optional_shape>(type).emplace(value), is_map_entry);
      case shape_kind::converted:
        open(at, type, value, {});
        frames_.back().slot = as<converted_shape>(type).make_wire();
        return read(at, *as<converted_shape>(type).wire, frames_.back().slot, is_map_entry);
      case shape_kind::record:
        open(at, type, value, tree_.first_child(at));
        return read_attributes(at, as<record_shape>(type), is_map_entry) && read_content(at, as<record_shape>(type));
      case shape_kind::variant: open(at, type, value, tree_.first_child(at)); return true;
      case shape_kind::list:
        as<list_shape>(type).clear(value);
        open(at, type, value, tree_.first_child(at));
        frames_.back().index = 0;
        return true;
      case shape_kind::map:
        as<map_shape>(type).clear(value);
        open(at, type, value, tree_.first_child(at));
        return true;
      default: {
        if (refuse_unknown_)
          if (const element child = tree_.first_child(at)) return disallow_unknown(child);
        std::string room;
        if (!read_single(at, type, text_of(at, room), value)) return false;
        frames_.back().inside = false;
        return true;
      }
    }
  }

  void open(const element& at, const shape& type, void* object, const element& first) {
    frames_.push_back({&type, object, at, first, frames_.size(), counts_.size()});
  }

  // Reads the next child of the innermost open element.
  bool enter(const element& child) {
    frame& top = frames_.back();
    const std::string_view name = local_name(child.node->Name());
    switch (top.type->kind) {
      case shape_kind::record: return enter_member(child, name);
      case shape_kind::variant: return enter_alternative(child, as<variant_shape>(*top.type), name);
      default:
        // A list or map inside another one.
        if (name != "item") return !refuse_unknown_ || disallow_unknown(child);
        top.inside = true;
        if (top.type->kind == shape_kind::map) return enter_map(child, as<map_shape>(*top.type), top.object);
        return enter_list(child, as<list_shape>(*top.type), top.object, top.index++);
    }
  }

  bool enter_member(const element& child, std::string_view name) {
    frame& top = frames_.back();
    const auto& type = as<record_shape>(*top.type);
    const std::size_t found = find_element(type, top.around, name, top.index);
    if (found == no_index) return !refuse_unknown_ || disallow_unknown(child);
    top.index = found;
    const member_shape& member = type.members[found];
    const std::size_t size = top.around.size() + name.size();
    if (member.xml_name.size() > size) {
      const std::size_t owner = top.owner;
      open(child, type, top.object, tree_.first_child(child));
      frames_.back().owner = owner;
      frames_.back().around = member.xml_name.substr(0, size + 1);
      return true;
    }

    member_set& seen = frames_[top.owner].seen;
    const bool first = !seen.has(top.index);
    void* value = member.get(top.object);
    const shape& repeated = unwrap_optional(*member.type, value, first);
    const bool is_list = repeated.kind == shape_kind::list;
    const bool is_map = repeated.kind == shape_kind::map;
    if (!first && !is_list && !is_map) return reject(child, "the element ", name, " occurs twice");
    seen.add(top.index);
    top.inside = true;
    top.item = no_index;
    top.key = nullptr;
    if (is_list) {
      const auto& list = as<list_shape>(repeated);
      if (first) {
        list.clear(value);
        if (list.count != dynamic_count) counts_.emplace_back(value, 0);
      }
      return enter_list(child, list, value, list.count == dynamic_count ? list.size(value) : count_of(value)++);
    }
    if (is_map) {
      if (first) as<map_shape>(repeated).clear(value);
      return enter_map(child, as<map_shape>(repeated), value);
    }
    return read(child, repeated, value);
  }

  // The number of elements read of a list of fixed size.
  std::size_t& count_of(const void* list) {
    std::size_t last = counts_.size() - 1;
    while (counts_[last].first != list) --last;
    return counts_[last].second;
  }

  bool enter_list(const element& child, const list_shape& type, void* list, std::size_t index) {
    if (index == type.count) {
      frames_.back().item = no_index;
      return reject_count(child, type.count, index + 1);
    }
    frames_.back().item = index;
    return read(child, *type.element, type.add(list, index));
  }

  bool enter_map(const element& child, const map_shape& type, void* map) {
    const char* const key = child.node->Attribute("key");
    if (!key) return reject(child, "the attribute \"key\" is missing");
    void* const value = type.insert(map, key);
    if (!value) return reject(child, "the key ", key, " occurs twice");
    frames_.back().key = key;
    return read(child, *type.value, value, true);
  }

  bool enter_alternative(const element& child, const variant_shape& type, std::string_view name) {
    frame& top = frames_.back();
    if (top.index != no_index) return reject(child, "expected one element, found also ", name);
    for (std::size_t i = 0; i < type.alternatives.size(); ++i) {
      if (type.alternatives[i].name != name) continue;
      top.index = i;
      top.inside = true;
      return read(child, *type.alternatives[i].type, type.emplace(top.object, i));
    }
    return reject(child, "expected one of the elements " + alternative_names(type) + ", found ", name);
  }

  // Ends the innermost open element.
  bool leave() {
    frame& top = frames_.back();
    top.inside = false;
    switch (top.type->kind) {
      case shape_kind::record:
        if (top.around.empty() && !leave_record(top)) return false;
        break;
      case shape_kind::variant:
        if (top.index == no_index) return reject(top.at, "expected one element, found none");
        break;
      case shape_kind::list: {
        const std::size_t count = as<list_shape>(*top.type).count;
        if (count != dynamic_count && top.index != count) return reject_count(top.at, count, top.index);
        break;
      }
      case shape_kind::converted: {
        std::string why_not;
        if (!as<converted_shape>(*top.type).from_wire(top.slot, top.object, why_not)) return reject(top.at, why_not);
        as<converted_shape>(*top.type).destroy_wire(top.slot);
        break;
      }
      default: break;
    }
    frames_.pop_back();
    if (!frames_.empty()) frames_.back().inside = false;
    return true;
  }

  bool leave_record(frame& top) {
    const auto& members = as<record_shape>(*top.type).members;
    for (std::size_t i = 0; i < members.size(); ++i) {
      const member_shape& member = members[i];
      if (!top.seen.has(i)) {
        if (member.required && !can_be_absent(*member.type))
          return reject(top.at, "the member ", member.name, " is missing");
        continue;
      }
      void* value = member.get(top.object);
      const shape& repeated = unwrap_optional(*member.type, value, false);
      if (repeated.kind != shape_kind::list || as<list_shape>(repeated).count == dynamic_count) continue;
      const std::size_t expected = as<list_shape>(repeated).count;
      const std::size_t found = count_of(value);
      if (found == expected) continue;
      top.index = i;
      top.item = no_index;
      top.key = nullptr;
      top.inside = true;
      return reject_count(top.at, expected, found);
    }
    counts_.resize(top.counts);
    return true;
  }

  bool read_attributes(const element& at, const record_shape& type, bool is_map_entry) {
    frame& top = frames_.back();
    for (const tinyxml2::XMLAttribute* each = at.node->FirstAttribute(); each; each = each->Next()) {
      const std::string_view full_name = each->Name();
      const std::string_view name = local_name(full_name);
      if (full_name == text_attribute || full_name == "xmlns" || full_name.starts_with("xmlns:")) continue;
      if (is_map_entry && full_name == "key") continue;
      const std::size_t index = find_attribute(type, name);
      if (index == no_index) {
        if (refuse_unknown_ && name.size() == full_name.size())
          return reject(at, "the attribute ", name, " is not known");
        continue;
      }
      if (top.seen.has(index)) return reject(at, "the attribute ", name, " occurs twice");
      if (!read_named(at, type, index, each->Value())) return false;
    }
    return true;
  }

  bool read_content(const element& at, const record_shape& type) {
    if (!type.has_non_elements) return true;
    std::string room;
    for (std::size_t i = 0; i < type.members.size(); ++i)
      if (type.members[i].form == member_form::content && !read_named(at, type, i, text_of(at, room))) return false;
    return true;
  }

  bool read_named(const element& at, const record_shape& type, std::size_t index, std::string_view text) {
    frame& top = frames_.back();
    top.seen.add(index);
    top.index = index;
    top.inside = true;
    if (!read_single(at, *type.members[index].type, text, type.members[index].get(top.object))) return false;
    top.index = no_index;
    top.inside = false;
    return true;
  }

  bool read_single(const element& at, const shape& type, std::string_view text, void* value) {
    std::string reason;
    return read_text(type, text, value, reason) || reject(at, reason);
  }

  const xml_tree& tree_;
  std::vector<frame> frames_;
  std::vector<std::pair<const void*, std::size_t>> counts_;
  document_error error_;
  std::size_t line_ = 0;
  bool refuse_unknown_;
};

}  // namespace

}  // namespace detail

result<void> xml_codec::read(const message& received, const detail::shape& type, void* value) const {
  if (!received.is_text()) return error(errc::wrong_kind, "expected a text message, found a binary one");
  detail::normalized_xml scanned;
  detail::document_error why;
  std::size_t line = 0;
  if (!detail::scan_xml(received.text(), {options_.max_depth, max_nodes_}, scanned, why, line))
    return why.to_error("at line " + std::to_string(line));
  detail::xml_tree tree;
  if (!tree.parse(std::move(scanned))) return error(errc::malformed, "tinyxml2 refuses the document");
  detail::xml_reader reader(tree, options_.disallow_unknown);
  if (!reader.read_document(type, value)) return reader.why();
  return {};
}

}  // namespace twinsocket
