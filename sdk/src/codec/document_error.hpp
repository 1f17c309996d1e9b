#pragma once

// An error in a value or document, with the path to it, such as people[2].name.

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "twinsocket/error.hpp"

namespace twinsocket::detail {

/// The error while the calls return: each level that is left prepends its name to the path.
class document_error {
 public:
  document_error() = default;
  document_error(errc code, std::string reason) : code_(code), reason_(std::move(reason)) {}

  void prepend_member(std::string_view name);
  void prepend_element(std::size_t index);
  void prepend_key(std::string_view key);

  /// The error. `position` ("at byte 7") is appended to the reason.
  [[nodiscard]] error to_error(std::string_view position = {}) const;

 private:
  void leave(std::string step);

  errc code_ = errc::ok;
  std::string reason_;
  std::string path_;
};

/// A part of a document in quotes, for an error message: truncated, and with control characters escaped.
[[nodiscard]] std::string quote_for_error(std::string_view text);

}  // namespace twinsocket::detail
