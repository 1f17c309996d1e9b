#pragma once

// What compresses and inflates is not known here: an engine, such as zlib, is put in from outside.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "twinsocket/detail/buffer.hpp"

namespace twinsocket::detail {

/// Compresses one message after another into a raw DEFLATE stream (RFC 1951), whose window reaches back over them.
class deflater {
 public:
  virtual ~deflater() = default;

  /// Appends blocks that hold all of `in`, which is not empty. They end at the border of a byte, with an empty block
  /// without compression, so with 00 00 ff ff (RFC 7692 section 7.2.1); none of them is final.
  virtual void deflate(std::span<const std::byte> in, buffer& out) = 0;
};

/// Inflates a raw DEFLATE stream. What follows a final block is one more stream, which may refer back to what came before
/// (RFC 7692 section 7.2.3.4).
class inflater {
 public:
  enum class status : std::uint8_t {
    starved,  ///< All of the input is used.
    full,     ///< All of the room is used; there may be more.
    corrupt,  ///< This is no DEFLATE stream. The inflater is of no use any more.
  };

  virtual ~inflater() = default;

  /// Takes bytes off the front of `in` and writes to the front of `room`; both are left with the rest.
  [[nodiscard]] virtual status inflate(std::span<const std::byte>& in, std::span<std::byte>& room) = 0;
  /// True between two blocks, at the border of a byte.
  [[nodiscard]] virtual bool at_border() const noexcept = 0;
};

/// Makes both. One engine serves all threads, as long as the program runs; what it made belongs to one thread.
class deflate_engine {
 public:
  /// What it makes reaches back at most as far as a window of so many bits, 8 to 15. Null where there is no memory for it.
  [[nodiscard]] virtual std::unique_ptr<deflater> make_deflater(int window_bits) const = 0;
  /// With a window of at least so many bits.
  [[nodiscard]] virtual std::unique_ptr<inflater> make_inflater(int window_bits) const = 0;

  /// Takes back what it made, and forgets what that has seen: another connection's next message may get it.
  virtual void recycle(std::unique_ptr<deflater> used) const = 0;
  virtual void recycle(std::unique_ptr<inflater> used) const = 0;

 protected:
  ~deflate_engine() = default;
};

}  // namespace twinsocket::detail
