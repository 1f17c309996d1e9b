#pragma once

// A message to be sent. It refers to the caller's bytes and options.

#include <memory>
#include <span>

#include "twinsocket/message.hpp"
#include "twinsocket/prepared_message.hpp"
#include "twinsocket/send_options.hpp"

namespace twinsocket::detail {

struct send_request {
  message_kind kind;
  std::span<const std::byte> bytes;
  const send_options* options = nullptr;
  std::shared_ptr<const prepared_frames> shared{};
  bool known_utf8 = false;  ///< The text is valid UTF-8, because it was received.

  [[nodiscard]] overflow_policy policy() const noexcept {
    return options ? options->overflow_policy() : overflow_policy::wait;
  }
  [[nodiscard]] bool compress() const noexcept { return !options || options->compress(); }
};

}  // namespace twinsocket::detail
