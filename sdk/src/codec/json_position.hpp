#pragma once

// Where nlohmann's parser stands. It says so only with its own errors; this iterator lets us look at any event.

#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>

namespace twinsocket::detail {

/// An input iterator over a document whose position is kept outside of it.
class watched_iterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  watched_iterator(const char*& at, const char* last) : at_(&at), last_(last) {}
  reference operator*() const { return **at_; }
  watched_iterator& operator++() {
    ++*at_;
    return *this;
  }
  watched_iterator operator++(int) { return ++*this; }
  /// Compared is only with the end, at which the position is no different object.
  friend bool operator==(const watched_iterator& at, const watched_iterator& end) { return *at.at_ == end.last_; }

 private:
  const char** at_;
  const char* last_;
};

/// A document, and how far it has been read.
class json_position {
 public:
  explicit json_position(std::string_view text)
      : first_(text.data()), at_(text.data()), last_(text.data() + text.size()), token_(at_) {}
  json_position(const json_position&) = delete;
  json_position& operator=(const json_position&) = delete;

  [[nodiscard]] watched_iterator begin() { return {at_, last_}; }
  [[nodiscard]] watched_iterator end() { return {at_, last_}; }

  /// The start of the value, key or bracket that was just read; the tokens before it have been passed with next().
  [[nodiscard]] const char* token() const {
    const char* start = token_;
    while (start != last_ && (*start == ' ' || *start == ',' || *start == ':' || (*start >= '\t' && *start <= '\r')))
      ++start;
    return start;
  }
  /// Remembers that all up to here was understood.
  void next() { token_ = at_; }

  /// The number that was just read, as it stands in the document.
  [[nodiscard]] std::string_view number() const {
    const char* const start = token();
    const char* end = start;
    while (end != last_ &&
           ((*end >= '0' && *end <= '9') || *end == '.' || *end == '-' || *end == '+' || (*end | 0x20) == 'e'))
      ++end;
    return {start, static_cast<std::size_t>(end - start)};
  }

  [[nodiscard]] std::string text_of(const char* place) const { return "at byte " + std::to_string(place - first_); }
  [[nodiscard]] std::string text_of(std::size_t offset) const { return "at byte " + std::to_string(offset); }
  /// True when nothing is left. The parser takes U+0000 for the end, which no document may hold.
  [[nodiscard]] bool all_read() const { return at_ == last_ && (first_ == last_ || last_[-1] != '\0'); }
  [[nodiscard]] const char* unread() const { return at_ == first_ ? at_ : at_ - 1; }

 private:
  const char* first_;
  const char* at_;
  const char* last_;
  const char* token_;
};

}  // namespace twinsocket::detail
