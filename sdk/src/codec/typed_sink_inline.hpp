#pragma once

// The common case of each event of typed_sink, for the parsers to inline. Included by typed_sink.hpp.

#include "codec/typed_sink.hpp"

namespace twinsocket::detail {

// Where the next value goes.
inline typed_sink::target typed_sink::begin_value() {
  as_string_ = false;
  if (frames_.empty()) return root_;
  frame& top = frames_.back();
  top.inside = true;
  if (top.type->kind == shape_kind::record) {
    const member_shape& member = as<record_shape>(*top.type).members[top.index];
    as_string_ = member.as_string && format_ == document_format::json;
    return {member.type, member.get(top.object)};
  }
  if (top.type->kind != shape_kind::list || top.index == as<list_shape>(*top.type).count) return begin_rare_value();
  const auto& list = as<list_shape>(*top.type);
  return {list.element, list.add(top.object, top.index++)};
}

// Resolves optionals, which get a value, and converted types, which get a wire form to read into.
inline typed_sink::target typed_sink::descend() {
  const target next = begin_value();
  if (!next.type) return next;
  const shape_kind kind = next.type->kind;
  return kind == shape_kind::optional || kind == shape_kind::converted ? unwrap(next) : next;
}

inline bool typed_sink::end_value() {
  if (frames_.empty()) return true;
  frame& top = frames_.back();
  if (top.type->kind == shape_kind::converted) return end_converted();
  top.inside = false;
  return true;
}

inline bool typed_sink::enter() {
  if (depth_ == options_.max_depth) return too_deep();
  ++depth_;
  return true;
}

inline bool typed_sink::boolean(bool value) {
  if (skips(0)) return true;
  const target next = descend();
  if (!next.type) return false;
  const shape_kind kind = next.type->kind;
  const bool is_bool = kind == shape_kind::boolean || kind == shape_kind::vector_bool_back;
  if (!is_bool || as_string_) return expected(*next.type, "a boolean");
  store_bool(kind, value, next.value);
  return end_value();
}

inline bool typed_sink::number(integer value) {
  if (skips(0)) return true;
  const target next = descend();
  if (!next.type) return false;
  const shape_kind kind = next.type->kind;
  if (!is_integer(kind) || as_string_ || !store_integer(kind, value, next.value)) return read_integer(next, value);
  return end_value();
}

inline bool typed_sink::string(std::string_view value) {
  if (skips(0)) return true;
  const target next = descend();
  if (!next.type) return false;
  if (next.type->kind != shape_kind::string) return read_string(next, value);
  static_cast<std::string*>(next.value)->assign(value);
  return end_value();
}

inline bool typed_sink::start_object() {
  if (!enter()) return false;
  if (skips(1)) return true;
  const target next = descend();
  if (!next.type) return false;
  switch (next.type->kind) {
    case shape_kind::map: as<map_shape>(*next.type).clear(next.value); break;
    case shape_kind::record:
    case shape_kind::variant: break;
    default: return expected(*next.type, "an object");
  }
  constexpr auto before_first = static_cast<std::size_t>(-1);
  frames_.push_back({next.type, next.value, nullptr, before_first});
  return true;
}

inline const member_shape* typed_sink::likely_member() const noexcept {
  if (skipping_) return nullptr;
  const frame& top = frames_.back();
  if (top.type->kind != shape_kind::record) return nullptr;
  const auto members = as<record_shape>(*top.type).members;
  const std::size_t next = top.index + 1;
  return next < members.size() ? &members[next] : nullptr;
}

inline bool typed_sink::accept_likely_member() {
  frame& top = frames_.back();
  const std::size_t next = top.index + 1;
  if (top.seen.has(next)) return key(likely_member()->name);
  top.seen.add(next);
  top.index = next;
  top.inside = true;
  return true;
}

inline bool typed_sink::end_object() {
  --depth_;
  if (skips(-1)) return true;
  const frame& top = frames_.back();
  if (top.type->kind == shape_kind::record && !top.seen.includes(as<record_shape>(*top.type).required))
    return unfinished_record(top);
  if (top.type->kind == shape_kind::variant && !top.slot)
    return reject(errc::type_mismatch, "expected one member, found none");
  frames_.pop_back();
  return end_value();
}

inline bool typed_sink::start_array() {
  if (!enter()) return false;
  if (skips(1)) return true;
  const target next = descend();
  if (!next.type) return false;
  if (next.type->kind != shape_kind::list) return expected(*next.type, "an array");
  as<list_shape>(*next.type).clear(next.value);
  frames_.push_back({next.type, next.value});
  return true;
}

inline bool typed_sink::end_array() {
  --depth_;
  if (skips(-1)) return true;
  const frame& top = frames_.back();
  const std::size_t count = as<list_shape>(*top.type).count;
  if (count != dynamic_count && top.index != count) return wrong_count(count, top.index);
  frames_.pop_back();
  return end_value();
}

}  // namespace twinsocket::detail
