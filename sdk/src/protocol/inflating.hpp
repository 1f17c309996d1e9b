#pragma once

// The receiving half of permessage-deflate (RFC 7692 section 7.2.2): pieces of compressed messages become pieces of plain
// ones. It stands behind the reader, and does for them what the reader does for the others: checks text, counts limits.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "protocol/deflate.hpp"
#include "protocol/deflate_engine.hpp"
#include "protocol/reader.hpp"
#include "protocol/utf8.hpp"

namespace twinsocket::detail {

struct inflate_limits {
  std::size_t max_message;  ///< Bytes of a message's payload after inflating.
  std::size_t max_ratio;    ///< How many times its compressed size a message may be, once it is larger than ratio_free.
};

/// Up to this size max_message is what guards the memory, and a message may be as repetitive as it likes: a megabyte of one
/// letter shrinks to a thousandth.
inline constexpr std::size_t ratio_free = 16 * 1024 * 1024;

class inflating {
 public:
  /// Where the peer keeps no context the inflater is borrowed for each message.
  inflating(const deflate_engine& engine, const deflate_terms& terms, const inflate_limits& limits) noexcept;
  inflating(const inflating&) = delete;
  inflating& operator=(const inflating&) = delete;
  ~inflating();

  /// Takes a piece whose `compressed` is set; there must be nothing pending. Its bytes have to stay until nothing is.
  void take(const event& piece) noexcept;
  /// True until next() has told all that there is in the piece.
  [[nodiscard]] bool pending() const noexcept { return pending_; }
  /// The next piece of the plain message, at most 64 KiB of it, in memory of the thread's: it is to be used before next() is
  /// called again, for whatever connection. `more` when what was taken is used up, or a violation.
  [[nodiscard]] event next();

  /// The bytes that were taken and not used yet; they may be moved elsewhere.
  [[nodiscard]] std::span<const std::byte> unused() const noexcept;
  void moved_to(const std::byte* where) noexcept;
  void set_limits(const inflate_limits& limits) noexcept;
  [[nodiscard]] std::size_t max_ratio() const noexcept { return limits_.max_ratio; }

  /// Forgets what is pending.
  void drop() noexcept { pending_ = false; }

 private:
  [[nodiscard]] inflater::status fill(std::span<std::byte>& room);
  [[nodiscard]] event refuse(close_code code, errc why, std::string text);

  const deflate_engine& engine_;
  std::unique_ptr<inflater> inflater_;
  inflate_limits limits_;
  deflate_terms terms_;
  // The piece that is pending.
  bool pending_ = false;
  bool last_ = false;
  bool at_tail_ = false;  // All of its own bytes are used; input_ is the tail that was left out.
  std::span<const std::byte> input_;
  // Its message.
  message_kind kind_ = message_kind::text;
  bool told_ = false;
  utf8_validator utf8_;
  std::uint64_t compressed_size_ = 0;
  std::uint64_t size_ = 0;
  std::string reason_;  // Of the violation that ended it.
};

}  // namespace twinsocket::detail
