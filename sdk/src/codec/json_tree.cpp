#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "codec/document_writer.hpp"
#include "codec/json_scan.hpp"
#include "codec/json_text.hpp"
#include "codec/number.hpp"
#include "twinsocket/json.hpp"

namespace twinsocket {

namespace detail {

namespace {

// Builds a tree. Unlike nlohmann's own parser it limits the depth and rejects duplicate members.
class tree_sink {
 public:
  tree_sink(const tree_access& tree, void* root, document_options rules) : tree_(tree), root_(root), options_(rules) {}

  bool null() { return add({}); }
  bool boolean(bool value) { return add({.kind = tree_kind::boolean, .boolean = value}); }
  bool number(integer value) {
    constexpr std::uint64_t most = std::uint64_t{1} << 63;
    if (!value.negative) return add({.kind = tree_kind::unsigned_integer, .unsigned_integer = value.magnitude});
    if (value.magnitude > most)
      return add({.kind = tree_kind::floating_point, .floating_point = -static_cast<double>(value.magnitude)});
    return add({.kind = tree_kind::integer, .integer = static_cast<std::int64_t>(0 - value.magnitude)});
  }
  bool number(const number_parts& value) {
    double number = 0;
    if (!convert(value, number)) return reject(errc::type_mismatch, "a number too large for any type");
    return add({.kind = tree_kind::floating_point, .floating_point = number});
  }
  bool string(std::string_view value) { return add({.kind = tree_kind::string, .string = value}); }
  bool start_object() { return open(tree_kind::object); }
  bool start_array() { return open(tree_kind::array); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }
  static const member_shape* likely_member() { return nullptr; }
  static bool accept_likely_member() { return false; }
  bool key(std::string_view name) {
    named_ = tree_.add_member(open_.back().container, name);
    if (!named_) return reject(errc::type_mismatch, "the member " + quote_for_error(name) + " occurs twice");
    return true;
  }

  bool reject(errc code, std::string reason) {
    error_ = document_error(code, std::move(reason));
    for (std::size_t i = open_.size(); i-- > 1;) leave(open_[i - 1], open_[i].container);
    return false;
  }
  [[nodiscard]] const document_error& why() const { return error_; }

 private:
  struct level {
    void* container;
    bool is_array;
    std::size_t elements = 0;
  };

  void* next_slot() {
    if (open_.empty()) return root_;
    if (!open_.back().is_array) return named_;
    ++open_.back().elements;
    return tree_.add_element(open_.back().container);
  }
  bool add(const tree_value& value) {
    tree_.set(next_slot(), value);
    return true;
  }
  bool open(tree_kind kind) {
    if (open_.size() == options_.max_depth)
      return reject(errc::too_deep, "nested deeper than " + std::to_string(options_.max_depth) + " levels");
    void* const container = next_slot();
    tree_.set(container, {.kind = kind});
    open_.push_back({container, kind == tree_kind::array});
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }
  void leave(const level& parent, const void* child) {
    if (parent.is_array) {
      error_.prepend_element(parent.elements - 1);
      return;
    }
    auto find = [&](std::string_view name, const void* value) {
      if (value != child) return true;
      error_.prepend_member(name);
      return false;
    };
    tree_.each_member(parent.container, find);
  }

  const tree_access& tree_;
  void* root_;
  document_options options_;
  document_error error_;
  std::vector<level> open_;
  void* named_ = nullptr;
};

// nlohmann's own writer recurses without a limit, and formats numbers differently from json_codec.
class tree_writer : public document_writer {
 public:
  tree_writer(const tree_access& tree, std::size_t max_depth) : document_writer(max_depth), tree_(tree) {}

  bool write(const void* value) {
    switch (const tree_value seen = tree_.read(value); seen.kind) {
      case tree_kind::array: return write_array(value);
      case tree_kind::object: return write_object(value);
      default: return write_single(seen);
    }
  }

 private:
  [[gnu::noinline]] bool write_single(const tree_value& value) {
    char text[number_room];
    switch (value.kind) {
      case tree_kind::boolean: out_.put(value.boolean ? "true" : "false"); return true;
      case tree_kind::integer: {
        const auto bits = static_cast<std::uint64_t>(value.integer);
        out_.put(write_integer(text, {value.integer < 0, value.integer < 0 ? 0 - bits : bits}));
        return true;
      }
      case tree_kind::unsigned_integer: out_.put(write_integer(text, {false, value.unsigned_integer})); return true;
      case tree_kind::floating_point:
        if (!std::isfinite(value.floating_point))
          return reject(errc::invalid_argument, "JSON has no number for NaN and infinity");
        out_.put(write_json_number(text, value.floating_point));
        return true;
      case tree_kind::string: return write_string(value.string);
      case tree_kind::other: return reject(errc::invalid_argument, "JSON has no binary values");
      default: out_.put("null"); return true;
    }
  }
  bool write_string(std::string_view text) {
    if (!write_json_string(out_, text)) return reject_utf8(text);
    return true;
  }
  [[gnu::noinline]] bool write_array(const void* array) {
    if (!enter()) return false;
    out_.put('[');
    std::size_t index = 0;
    auto write_element = [&](const void* element) {
      if (index) out_.put(',');
      if (!write(element)) {
        error_.prepend_element(index);
        return false;
      }
      ++index;
      return true;
    };
    if (!tree_.each_element(array, write_element)) return false;
    out_.put(']');
    return leave();
  }
  [[gnu::noinline]] bool write_object(const void* object) {
    if (!enter()) return false;
    out_.put('{');
    bool first = true;
    auto write_member = [&](std::string_view name, const void* value) {
      if (!first) out_.put(',');
      first = false;
      if (!write_string(name)) return false;
      out_.put(':');
      if (write(value)) return true;
      error_.prepend_member(name);
      return false;
    };
    if (!tree_.each_member(object, write_member)) return false;
    out_.put('}');
    return leave();
  }

  const tree_access& tree_;
};

}  // namespace

}  // namespace detail

result<message> json_codec::write_tree(const detail::tree_access& tree, const void* value) const {
  detail::tree_writer writer(tree, options_.max_depth);
  const bool written = writer.write(value);
  return std::move(writer).finish(written, message_kind::text);
}

result<void> json_codec::read_tree(const message& received, const detail::tree_access& tree, void* value) const {
  detail::tree_sink sink(tree, value, options_);
  return detail::scan_json(received, sink);
}

}  // namespace twinsocket
