#include "codec/typed_sink.hpp"

#include <utility>

namespace twinsocket::detail {

typed_sink::~typed_sink() {
  for (const frame& each : frames_)
    if (each.type->kind == shape_kind::converted) as<converted_shape>(*each.type).destroy_wire(each.slot);
}

bool typed_sink::reject(errc code, std::string reason) {
  error_ = document_error(code, std::move(reason));
  for (std::size_t i = frames_.size(); i-- > 0;) {
    const frame& each = frames_[i];
    if (!each.inside) continue;
    switch (each.type->kind) {
      case shape_kind::record: error_.prepend_member(as<record_shape>(*each.type).members[each.index].name); break;
      case shape_kind::list: error_.prepend_element(each.index - 1); break;
      case shape_kind::map: error_.prepend_key(key_of(as<map_shape>(*each.type), each.object, each.slot)); break;
      default: error_.prepend_member(as<variant_shape>(*each.type).alternatives[each.index].name); break;
    }
  }
  return false;
}

void typed_sink::skip(int levels) {
  skipping_ += static_cast<std::size_t>(levels);
  if (levels <= 0 && skipping_ == 1) skipping_ = 0;
}

typed_sink::target typed_sink::begin_rare_value() {
  frame& top = frames_.back();
  switch (top.type->kind) {
    case shape_kind::list:
      top.inside = false;
      reject(errc::type_mismatch,
             "expected " + std::to_string(as<list_shape>(*top.type).count) + " elements, found more");
      return {};
    case shape_kind::map: return {as<map_shape>(*top.type).value, top.slot};
    default: return {as<variant_shape>(*top.type).alternatives[top.index].type, top.slot};
  }
}

typed_sink::target typed_sink::unwrap(target next, bool is_null) {
  for (;;) {
    if (next.type->kind == shape_kind::optional && !is_null) {
      const auto& optional = as<optional_shape>(*next.type);
      next = {optional.inner, optional.emplace(next.value)};
    } else if (next.type->kind == shape_kind::converted) {
      const auto& converted = as<converted_shape>(*next.type);
      frames_.push_back({next.type, next.value, converted.make_wire()});
      next = {converted.wire, frames_.back().slot};
    } else {
      return next;
    }
  }
}

bool typed_sink::end_converted() {
  while (!frames_.empty() && frames_.back().type->kind == shape_kind::converted) {
    const frame top = frames_.back();
    const auto& converted = as<converted_shape>(*top.type);
    std::string why_not;
    if (!converted.from_wire(top.slot, top.object, why_not)) return reject(errc::type_mismatch, std::move(why_not));
    converted.destroy_wire(top.slot);
    frames_.pop_back();
  }
  if (!frames_.empty()) frames_.back().inside = false;
  return true;
}

bool typed_sink::too_deep() {
  return reject(errc::too_deep, "nested deeper than " + std::to_string(options_.max_depth) + " levels");
}

bool typed_sink::name_member(frame& top, std::string_view name) {
  const auto members = as<record_shape>(*top.type).members;
  // Members are usually in the described order, so the search starts after the last one found.
  std::size_t found = top.index + 1;
  for (std::size_t tried = 0; tried < members.size(); ++tried, ++found) {
    if (found >= members.size()) found = 0;
    if (members[found].name != name) continue;
    if (top.seen.has(found))
      return reject(errc::type_mismatch, "the member " + quote_for_error(name) + " occurs twice");
    top.seen.add(found);
    top.index = found;
    return true;
  }
  if (options_.disallow_unknown)
    return reject(errc::type_mismatch, "the member " + quote_for_error(name) + " is not known");
  skipping_ = 1;
  return true;
}

bool typed_sink::name_alternative(frame& top, std::string_view name) {
  const auto& variant = as<variant_shape>(*top.type);
  if (top.slot) return reject(errc::type_mismatch, "expected one member, found also " + quote_for_error(name));
  for (std::size_t i = 0; i < variant.alternatives.size(); ++i) {
    if (variant.alternatives[i].name != name) continue;
    top.index = i;
    top.slot = variant.emplace(top.object, i);
    return true;
  }
  return reject(errc::type_mismatch,
                "expected a member named one of " + alternative_names(variant) + ", found " + quote_for_error(name));
}

bool typed_sink::key(std::string_view name) {
  if (skipping_) return true;
  frame& top = frames_.back();
  switch (top.type->kind) {
    case shape_kind::record:
      if (!name_member(top, name)) return false;
      break;
    case shape_kind::variant:
      if (!name_alternative(top, name)) return false;
      break;
    default:
      top.slot = as<map_shape>(*top.type).insert(top.object, name);
      if (!top.slot) return reject(errc::type_mismatch, "the key " + quote_for_error(name) + " occurs twice");
  }
  top.inside = !skipping_;
  return true;
}

bool typed_sink::unfinished_record(const frame& top) {
  const auto members = as<record_shape>(*top.type).members;
  std::size_t missing = 0;
  while (!members[missing].required || top.seen.has(missing)) ++missing;
  return reject(errc::type_mismatch, "the member " + quote_for_error(members[missing].name) + " is missing");
}

bool typed_sink::wrong_count(std::size_t expected, std::size_t found) {
  return reject(errc::type_mismatch,
                "expected " + std::to_string(expected) + " elements, found " + std::to_string(found));
}

}  // namespace twinsocket::detail
