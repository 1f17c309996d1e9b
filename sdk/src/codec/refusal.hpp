#pragma once

// Why a value or a document is refused, and where in it: errors name a path such as people[2].name.

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "twinsocket/error.hpp"

namespace twinsocket::detail {

/// A refusal on its way out: each level that it leaves puts its own name in front of the path.
class refusal {
 public:
  refusal() = default;
  refusal(errc code, std::string reason) : code_(code), reason_(std::move(reason)) {}

  void leave_member(std::string_view name);
  void leave_element(std::size_t index);
  void leave_key(std::string_view key);

  /// The error, with `position` behind the reason ("at byte 7").
  [[nodiscard]] error to_error(std::string_view position = {}) const;

 private:
  void leave(std::string step);

  errc code_ = errc::ok;
  std::string reason_;
  std::string path_;
};

/// A piece of a document in quotes, for an error text: shortened, and with no control character in it.
[[nodiscard]] std::string in_quotes(std::string_view text);

}  // namespace twinsocket::detail
