#pragma once

// The sending half of permessage-deflate (RFC 7692 section 7.2.1).

#include <memory>
#include <span>

#include "protocol/deflate_engine.hpp"
#include "protocol/deflate_negotiation.hpp"
#include "twinsocket/detail/buffer.hpp"

namespace twinsocket::detail {

/// Appends a whole payload compressed by itself, so that it can be inflated without context. Returns false and appends
/// nothing if that would not be shorter, or if there is no memory for a deflater.
[[nodiscard]] bool deflate_single(const deflate_engine& engine, int window_bits, std::span<const std::byte> payload,
                                  buffer& out);

/// The position of some bytes in their message.
struct message_part {
  bool first = true;
  bool last = true;
  bool compress = true;  ///< False: send the message uncompressed. Evaluated for the first bytes only.
};

/// Compresses the messages that a connection sends, whole or in fragments.
class message_deflater {
 public:
  /// Without context takeover the deflater is borrowed from the engine for each message.
  message_deflater(const deflate_engine& engine, const deflate_terms& terms) noexcept
      : engine_(engine), terms_(terms) {}
  message_deflater(const message_deflater&) = delete;
  message_deflater& operator=(const message_deflater&) = delete;
  ~message_deflater();

  [[nodiscard]] const deflate_engine& engine() const noexcept { return engine_; }
  [[nodiscard]] const deflate_terms& terms() const noexcept { return terms_; }

  /// Appends the compressed form of the next bytes of a message, flushed so that the peer can inflate all of them.
  /// Returns false and appends nothing if the message is sent uncompressed, which is decided on its first bytes.
  [[nodiscard]] bool deflate(std::span<const std::byte> bytes, const message_part& part, buffer& out);

 private:
  [[nodiscard]] bool begin(std::size_t size, const message_part& part);

  const deflate_engine& engine_;
  std::unique_ptr<deflater> deflater_;
  deflate_terms terms_;
  bool compresses_ = false;  // The current message is compressed.
};

}  // namespace twinsocket::detail
