#pragma once

// The sending half of permessage-deflate (RFC 7692 section 7.2.1): payloads of messages become compressed ones.

#include <memory>
#include <span>

#include "protocol/deflate.hpp"
#include "protocol/deflate_engine.hpp"
#include "twinsocket/detail/buffer.hpp"

namespace twinsocket::detail {

/// Appends a whole payload, compressed by itself: nothing before or after it is needed to inflate it. False, and nothing
/// appended, where that would be no shorter, or where there is no memory for a deflater.
[[nodiscard]] bool deflate_alone(const deflate_engine& engine, int window_bits, std::span<const std::byte> payload,
                                 buffer& out);

/// Where bytes stand in their message.
struct message_part {
  bool first = true;
  bool last = true;
  bool compress = true;  ///< False for a message that is to go as it is; it counts with the first bytes.
};

/// Compresses the messages that one connection sends, whole or in fragments.
class deflating {
 public:
  /// Where no context is kept the deflater is borrowed for each message.
  deflating(const deflate_engine& engine, const deflate_terms& terms) noexcept : engine_(engine), terms_(terms) {}
  deflating(const deflating&) = delete;
  deflating& operator=(const deflating&) = delete;
  ~deflating();

  [[nodiscard]] const deflate_engine& engine() const noexcept { return engine_; }
  [[nodiscard]] const deflate_terms& terms() const noexcept { return terms_; }

  /// Appends the compressed form of a message's next bytes, all of them, so that the peer can inflate them at once. False,
  /// and nothing appended, where the message goes as it is, or has begun so: that is decided on its first bytes.
  [[nodiscard]] bool deflate(std::span<const std::byte> bytes, const message_part& part, buffer& out);

 private:
  [[nodiscard]] bool begin(std::size_t size, const message_part& part);

  const deflate_engine& engine_;
  std::unique_ptr<deflater> deflater_;
  deflate_terms terms_;
  bool compresses_ = false;  // The message that is under way.
};

}  // namespace twinsocket::detail
