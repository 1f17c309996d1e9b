#pragma once

// The grammar of JSON (RFC 8259). It drives a sink: typed_sink, or tree_sink for untyped documents.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "codec/document_error.hpp"
#include "codec/json_tokens.hpp"
#include "codec/scalar.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/message.hpp"

namespace twinsocket::detail {

/// Which of the open containers are objects: one bit each, the innermost last.
class open_containers {
 public:
  [[nodiscard]] bool none() const noexcept { return depth_ == 0; }
  [[nodiscard]] bool in_object() const noexcept { return kinds_ & 1; }
  void open(bool object) {
    if (depth_ != 0 && depth_ % 64 == 0) outer_.push_back(kinds_);
    kinds_ = kinds_ << 1 | static_cast<std::uint64_t>(object);
    ++depth_;
  }
  void close() {
    kinds_ >>= 1;
    if (--depth_ == 0 || depth_ % 64 != 0) return;
    kinds_ = outer_.back();
    outer_.pop_back();
  }

 private:
  std::uint64_t kinds_ = 0;
  std::size_t depth_ = 0;
  std::vector<std::uint64_t> outer_;
};

/// Parses a document in one pass, without recursion. The sink's depth limit bounds the number of open containers.
template <class Sink>
class json_scanner {
 public:
  json_scanner(std::string_view document, Sink& sink) : tokens_(document), sink_(sink) {}

  result<void> scan() {
    if (text()) return {};
    return sink_.why().to_error("at byte " + std::to_string(tokens_.position()));
  }

 private:
  // What follows in an open array or object.
  enum class step { value, end, failure };

  // Section 2: a text is one value. value() and member() are parts of this loop, which g++ does not decide by itself.
  bool text() {
    do {
      if (!value()) return false;
      while (!open_.none()) {
        const step next = open_.in_object() ? member() : element();
        if (next == step::failure) return false;
        if (next == step::value) break;
      }
    } while (!open_.none());
    tokens_.next();
    if (!tokens_.at_end()) return expected("the end of the document");
    return true;
  }

  // Section 3. Reads a value, or the start of an array or object.
  [[gnu::always_inline]] bool value() {
    is_first_ = false;
    const char c = tokens_.next();
    switch (c) {
      case '{': return sink_.start_object() && open(true);
      case '[': return sink_.start_array() && open(false);
      case '"': {
        std::string_view text;
        return read(tokens_.string(text)) && sink_.string(text);
      }
      case 't': return read(tokens_.literal("true")) && sink_.boolean(true);
      case 'f': return read(tokens_.literal("false")) && sink_.boolean(false);
      case 'n': return read(tokens_.literal("null")) && sink_.null();
      default: return c == '-' || (c >= '0' && c <= '9') ? number() : expected("a value");
    }
  }

  bool number() {
    number_parts parts;
    if (!read(tokens_.number(parts))) return false;
    if (parts.is_whole && parts.is_exact) return sink_.number(integer{parts.is_negative, parts.digits});
    return sink_.number(parts);
  }

  // Section 4: the name of the next member of an object, or the end of the object.
  [[gnu::always_inline]] step member() {
    char c = tokens_.next();
    if (c == '}') return sink_.end_object() ? close() : step::failure;
    if (!is_first_) {
      if (c != ',') return missing("\",\" or \"}\"");
      tokens_.skip();
      c = tokens_.next();
    }
    if (c != '"') return missing("the name of a member");
    const member_shape* const likely = sink_.likely_member();
    if (likely && tokens_.skip_name(likely->name, likely->json_head))
      return sink_.accept_likely_member() ? step::value : step::failure;
    std::string_view name;
    if (!read(tokens_.string(name)) || !sink_.key(name)) return step::failure;
    if (tokens_.next() != ':') return missing("\":\"");
    tokens_.skip();
    return step::value;
  }

  // Section 5: whether an array has another element, or the end of the array.
  step element() {
    const char c = tokens_.next();
    if (c == ']') return sink_.end_array() ? close() : step::failure;
    if (is_first_) return step::value;
    if (c != ',') return missing("\",\" or \"]\"");
    tokens_.skip();
    return step::value;
  }

  bool open(bool object) {
    open_.open(object);
    is_first_ = true;
    tokens_.skip();
    return true;
  }
  step close() {
    open_.close();
    is_first_ = false;
    tokens_.skip();
    return step::end;
  }

  bool read(bool done) {
    if (!done) return sink_.reject(tokens_.code(), tokens_.reason());
    return true;
  }
  bool expected(std::string_view what) { return read(tokens_.expected(what)); }
  step missing(std::string_view what) {
    expected(what);
    return step::failure;
  }

  json_tokens tokens_;
  Sink& sink_;
  open_containers open_;
  bool is_first_ = false;
};

template <class Sink>
result<void> scan_json(const message& received, Sink& sink) {
  if (!received.is_text()) return error(errc::wrong_kind, "expected a text message, found a binary one");
  if (received.text().starts_with("\xEF\xBB\xBF")) return error(errc::malformed, "a byte order mark at byte 0");
  return json_scanner<Sink>(received.text(), sink).scan();
}

}  // namespace twinsocket::detail
