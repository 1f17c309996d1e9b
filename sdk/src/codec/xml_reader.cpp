#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "codec/document_error.hpp"
#include "codec/scalar.hpp"
#include "codec/xml_members.hpp"
#include "codec/xml_scan.hpp"
#include "twinsocket/xml.hpp"

namespace twinsocket {

namespace detail {

namespace {

// Fills a value along the description of its type while the scanner reads the document, without recursion, because the
// document may be deeper than a small stack permits.
class xml_reader {
 public:
  xml_reader(std::string_view document, xml_limits limits, bool disallow_unknown)
      : scanner_(document, limits), refuse_unknown_(disallow_unknown) {
    frames_.reserve(8);
  }
  xml_reader(const xml_reader&) = delete;
  xml_reader& operator=(const xml_reader&) = delete;
  ~xml_reader() {
    for (const frame& each : frames_)
      if (each.type->kind == shape_kind::converted) as<converted_shape>(*each.type).destroy_wire(each.slot);
  }

  result<void> read_document(const shape& type, void* value) {
    bool is_root = true;
    for (bool good = true; good;) {
      switch (scanner_.next()) {
        case xml_event::start_tag:
          good = is_root ? read_root(type, value) : enter();
          is_root = false;
          break;
        case xml_event::end_tag: good = leave(); break;
        case xml_event::end: return {};
        case xml_event::error: return scanner_.why();
      }
    }
    return type_error();
  }

 private:
  // An element whose children are being read, or a converted value whose wire form is being read.
  struct frame {
    const shape* type;
    void* object;
    std::size_t at;                // The offset of its start tag.
    std::size_t owner;             // The frame of the struct; a different frame for an element inside a path a>b.
    std::size_t counts;            // The size of counts_ before it.
    std::string_view around{};     // The part of the members' paths above it, of the form a>b>.
    void* slot = nullptr;          // The wire form.
    std::size_t index = no_index;  // The current member or alternative; for a list the number of items begun.
    std::size_t item = no_index;   // The index of the element in a list.
    const void* entry = nullptr;   // The value in a map.
    bool inside = false;           // A value in it has begun.
    bool has_end_tag = true;       // False: it ends with the value in it.
    member_set seen{};
  };
  // A value that is the text of the current element.
  struct single_value {
    const shape* type = nullptr;
    void* value = nullptr;
    std::size_t at = 0;
  };

  // A document that is not well-formed is reported as such, whatever the values before the flaw.
  error type_error() {
    const std::string position = "at line " + std::to_string(scanner_.line_of(error_at_));
    for (;;) {
      const xml_event next = scanner_.next();
      if (next == xml_event::error) return scanner_.why();
      if (next == xml_event::end) return error_.to_error(position);
    }
  }

  // Rejects the value at an offset.
  bool reject(std::size_t at, std::string_view before, std::string_view name = {}, std::string_view after = {}) {
    std::string reason(before);
    if (name.data()) reason += quote_for_error(name);
    error_ = document_error(errc::type_mismatch, reason.append(after));
    error_at_ = at;
    for (std::size_t i = frames_.size(); i-- > 0;)
      if (frames_[i].inside) leave_path(frames_[i]);
    return false;
  }
  void leave_path(const frame& from) {
    if (from.entry) error_.prepend_key(key_of_entry(from));
    if (from.item != no_index) error_.prepend_element(from.item);
    if (from.type->kind == shape_kind::record)
      error_.prepend_member(as<record_shape>(*from.type).members[from.index].name);
    if (from.type->kind == shape_kind::variant)
      error_.prepend_member(as<variant_shape>(*from.type).alternatives[from.index].name);
  }
  static std::string key_of_entry(const frame& from) {
    if (from.type->kind == shape_kind::map) return key_of(as<map_shape>(*from.type), from.object, from.entry);
    const member_shape& member = as<record_shape>(*from.type).members[from.index];
    void* map = member.get(from.object);
    const shape& type = unwrap_optional(*member.type, map, false);
    return key_of(as<map_shape>(type), map, from.entry);
  }
  bool reject_count(std::size_t at, std::size_t expected, std::size_t found) {
    const std::string number = found > expected ? "more" : std::to_string(found);
    return reject(at, "expected " + std::to_string(expected) + " elements, found " + number);
  }
  // Skips the current element, which T does not have, with all that it contains.
  bool skip_unknown() {
    if (refuse_unknown_) return reject(here(), "the element ", scanner_.name(), " is not known");
    skipped_ = 1;
    return true;
  }

  bool read_root(const shape& type, void* value) {
    const std::string_view name = local_name(scanner_.name());
    if (type.kind == shape_kind::variant) {
      open(type, value).has_end_tag = false;
      return enter_alternative(as<variant_shape>(type), name);
    }
    const auto& record = as<record_shape>(type);
    if (name == record.name) return read(type, value);
    return reject(here(), "expected the element " + quote_for_error(record.name) + ", found ", name);
  }

  // Begins a value that is the current element.
  bool read(const shape& type, void* value, bool is_map_entry = false) {
    switch (type.kind) {
      case shape_kind::optional:
        return read(*as<optional_shape>(type).inner, as<optional_shape>(type).emplace(value), is_map_entry);
      case shape_kind::converted: {
        frame& made = open(type, value);
        made.has_end_tag = false;
        made.slot = as<converted_shape>(type).make_wire();
        return read(*as<converted_shape>(type).wire, made.slot, is_map_entry);
      }
      case shape_kind::record: open(type, value); return read_attributes(as<record_shape>(type), is_map_entry);
      case shape_kind::variant: open(type, value); return true;
      case shape_kind::list:
        as<list_shape>(type).clear(value);
        open(type, value).index = 0;
        return true;
      case shape_kind::map:
        as<map_shape>(type).clear(value);
        open(type, value);
        return true;
      default: single_ = {&type, value, here()}; return true;
    }
  }

  // The offset of the current start tag.
  [[nodiscard]] std::size_t here() const { return scanner_.tag_start(); }

  frame& open(const shape& type, void* object) {
    return frames_.emplace_back(frame{&type, object, here(), frames_.size(), counts_.size()});
  }

  // Begins a child of the innermost open element.
  bool enter() {
    if (skipped_ != 0) {
      ++skipped_;
      return true;
    }
    if (single_.type) return skip_unknown();
    frame& top = frames_.back();
    const std::string_view name = local_name(scanner_.name());
    switch (top.type->kind) {
      case shape_kind::record: return enter_member(name);
      case shape_kind::variant: return enter_alternative(as<variant_shape>(*top.type), name);
      default:
        // A list or map inside another one.
        if (name != "item") return skip_unknown();
        top.inside = true;
        if (top.type->kind == shape_kind::map) return enter_map(as<map_shape>(*top.type), top.object);
        return enter_list(as<list_shape>(*top.type), top.object, top.index++);
    }
  }

  bool enter_member(std::string_view name) {
    frame& top = frames_.back();
    const auto& type = as<record_shape>(*top.type);
    const std::size_t found = find_element(type, top.around, name, top.index);
    if (found == no_index) return skip_unknown();
    top.index = found;
    const member_shape& member = type.members[found];
    const std::size_t size = top.around.size() + name.size();
    if (member.xml_name.size() > size) {
      const std::size_t owner = top.owner;
      frame& made = open(type, top.object);
      made.owner = owner;
      made.around = member.xml_name.substr(0, size + 1);
      return true;
    }

    member_set& seen = frames_[top.owner].seen;
    const bool first = !seen.has(top.index);
    void* value = member.get(top.object);
    const shape& repeated = unwrap_optional(*member.type, value, first);
    const bool is_list = repeated.kind == shape_kind::list;
    const bool is_map = repeated.kind == shape_kind::map;
    if (!first && !is_list && !is_map) return reject(here(), "the element ", name, " occurs twice");
    seen.add(top.index);
    top.inside = true;
    top.item = no_index;
    top.entry = nullptr;
    if (is_list) {
      const auto& list = as<list_shape>(repeated);
      if (first) {
        list.clear(value);
        if (list.count != dynamic_count) counts_.emplace_back(value, 0);
      }
      return enter_list(list, value, list.count == dynamic_count ? list.size(value) : count_of(value)++);
    }
    if (is_map) {
      if (first) as<map_shape>(repeated).clear(value);
      return enter_map(as<map_shape>(repeated), value);
    }
    return read(repeated, value);
  }

  // The number of elements read of a list of fixed size.
  std::size_t& count_of(const void* list) {
    std::size_t last = counts_.size() - 1;
    while (counts_[last].first != list) --last;
    return counts_[last].second;
  }

  bool enter_list(const list_shape& type, void* list, std::size_t index) {
    if (index == type.count) {
      frames_.back().item = no_index;
      return reject_count(here(), type.count, index + 1);
    }
    frames_.back().item = index;
    return read(*type.element, type.add(list, index));
  }

  bool enter_map(const map_shape& type, void* map) {
    const xml_value* const key = scanner_.find_attribute("key");
    if (!key) return reject(here(), "the attribute \"key\" is missing");
    void* const value = type.insert(map, key->get());
    if (!value) return reject(here(), "the key ", key->get(), " occurs twice");
    frames_.back().entry = value;
    return read(*type.value, value, true);
  }

  bool enter_alternative(const variant_shape& type, std::string_view name) {
    frame& top = frames_.back();
    if (top.index != no_index) return reject(here(), "expected one element, found also ", name);
    for (std::size_t i = 0; i < type.alternatives.size(); ++i) {
      if (type.alternatives[i].name != name) continue;
      top.index = i;
      top.inside = true;
      return read(*type.alternatives[i].type, type.emplace(top.object, i));
    }
    return reject(here(), "expected one of the elements " + alternative_names(type) + ", found ", name);
  }

  // Ends the current element.
  bool leave() {
    if (skipped_ != 0) {
      --skipped_;
      return true;
    }
    if (single_.type) {
      if (!read_single(single_.at, *single_.type, scanner_.text(), single_.value)) return false;
      single_.type = nullptr;
    } else if (!leave_frame()) {
      return false;
    }
    while (!frames_.empty() && !frames_.back().has_end_tag)
      if (!leave_frame()) return false;
    if (!frames_.empty()) frames_.back().inside = false;
    return true;
  }

  bool leave_frame() {
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
    return true;
  }

  bool leave_record(frame& top) {
    const auto& type = as<record_shape>(*top.type);
    if (type.has_non_elements && !read_content(type)) return false;
    const auto& members = type.members;
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
      top.entry = nullptr;
      top.inside = true;
      return reject_count(top.at, expected, found);
    }
    counts_.resize(top.counts);
    return true;
  }

  bool read_attributes(const record_shape& type, bool is_map_entry) {
    frame& top = frames_.back();
    for (const xml_attribute& each : scanner_.attributes()) {
      const std::string_view name = local_name(each.name);
      if (each.name == "xmlns" || each.name.starts_with("xmlns:")) continue;
      if (is_map_entry && each.name == "key") continue;
      const std::size_t index = find_attribute(type, name);
      if (index == no_index) {
        if (refuse_unknown_ && name.size() == each.name.size())
          return reject(here(), "the attribute ", name, " is not known");
        continue;
      }
      if (top.seen.has(index)) return reject(here(), "the attribute ", name, " occurs twice");
      if (!read_named(type, index, each.value.get())) return false;
    }
    return true;
  }

  bool read_content(const record_shape& type) {
    for (std::size_t i = 0; i < type.members.size(); ++i)
      if (type.members[i].form == member_form::content && !read_named(type, i, scanner_.text())) return false;
    return true;
  }

  // Reads a member that is an attribute or the content.
  bool read_named(const record_shape& type, std::size_t index, std::string_view text) {
    frame& top = frames_.back();
    top.seen.add(index);
    top.index = index;
    top.item = no_index;
    top.entry = nullptr;
    top.inside = true;
    if (!read_single(top.at, *type.members[index].type, text, type.members[index].get(top.object))) return false;
    top.index = no_index;
    top.inside = false;
    return true;
  }

  bool read_single(std::size_t at, const shape& type, std::string_view text, void* value) {
    std::string reason;
    if (!read_text(type, text, value, reason)) return reject(at, reason);
    return true;
  }

  xml_scanner scanner_;
  std::vector<frame> frames_;
  single_value single_;
  std::size_t skipped_ = 0;  // The open elements that are skipped.
  std::vector<std::pair<const void*, std::size_t>> counts_;
  document_error error_;
  std::size_t error_at_ = 0;
  bool refuse_unknown_;
};

}  // namespace

}  // namespace detail

result<void> xml_codec::read(const message& received, const detail::shape& type, void* value) const {
  if (!received.is_text()) return error(errc::wrong_kind, "expected a text message, found a binary one");
  detail::xml_reader reader(received.text(), {options_.max_depth, max_nodes_}, options_.disallow_unknown);
  return reader.read_document(type, value);
}

}  // namespace twinsocket
