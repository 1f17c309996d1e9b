#pragma once

// The receiving half of permessage-deflate (RFC 7692 section 7.2.2): inflates pieces of compressed messages. It also
// validates UTF-8 and enforces limits on them, as the reader does for uncompressed messages.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "protocol/deflate_engine.hpp"
#include "protocol/deflate_negotiation.hpp"
#include "protocol/reader.hpp"
#include "protocol/utf8.hpp"

namespace twinsocket::detail {

struct inflate_limits {
  std::size_t max_message_size;  ///< Bytes of an inflated message.
  std::size_t max_ratio;  ///< The largest ratio of inflated to compressed size, for messages above ratio_exempt_size.
};

/// Up to this inflated size only max_message_size applies, so that small messages may be highly repetitive: a megabyte of one
/// letter compresses to a thousandth.
inline constexpr std::size_t ratio_exempt_size = 16 * 1024 * 1024;

class message_inflater {
 public:
  /// If the peer does not keep its context the inflater is borrowed from the engine for each message.
  message_inflater(const deflate_engine& engine, const deflate_terms& terms, const inflate_limits& limits) noexcept;
  message_inflater(const message_inflater&) = delete;
  message_inflater& operator=(const message_inflater&) = delete;
  ~message_inflater();

  /// Takes a piece with `compressed` set. Nothing may be pending. The bytes must stay valid while it is pending.
  void take(const event& piece) noexcept;
  /// True until next() has returned all output of the piece.
  [[nodiscard]] bool pending() const noexcept { return pending_; }
  /// The next inflated piece, at most 64 KiB, in memory of this thread. It is valid until the next call, for any
  /// connection. Returns `more` when the input is used up, or a violation.
  [[nodiscard]] event next();

  /// The pending bytes that have not been consumed. They may be moved.
  [[nodiscard]] std::span<const std::byte> unused() const noexcept;
  void moved_to(const std::byte* where) noexcept;
  void set_limits(const inflate_limits& limits) noexcept;

  /// Discards what is pending.
  void drop() noexcept { pending_ = false; }

 private:
  [[nodiscard]] inflater::status fill(std::span<std::byte>& room);
  [[nodiscard]] event refuse(close_code code, errc why, std::string text);

  const deflate_engine& engine_;
  std::unique_ptr<inflater> inflater_;
  inflate_limits limits_;
  deflate_terms terms_;
  // The pending piece.
  bool pending_ = false;
  bool last_ = false;
  bool at_tail_ = false;  // Its own bytes are consumed; input_ is the omitted tail.
  std::span<const std::byte> input_;
  // The current message.
  message_kind kind_ = message_kind::text;
  bool emitted_ = false;
  utf8_validator utf8_;
  std::uint64_t compressed_size_ = 0;
  std::uint64_t size_ = 0;
  std::string reason_;  // Of the violation that ended it.
};

}  // namespace twinsocket::detail
