#pragma once

// The interface of a compression library such as zlib. The implementation is supplied from outside.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "twinsocket/detail/buffer.hpp"

namespace twinsocket::detail {

/// Compresses consecutive messages into one raw DEFLATE stream (RFC 1951), with a sliding window across them.
class deflater {
 public:
  virtual ~deflater() = default;

  /// Appends blocks that contain all of `in`, which must not be empty. They end at a byte boundary with an empty stored
  /// block, that is, with 00 00 ff ff (RFC 7692 section 7.2.1). No block is final.
  virtual void deflate(std::span<const std::byte> in, buffer& out) = 0;
};

/// Inflates a raw DEFLATE stream. After a final block another stream follows, which may refer back to earlier data (RFC
/// 7692 section 7.2.3.4).
class inflater {
 public:
  enum class status : std::uint8_t {
    input_consumed,  ///< All input was consumed.
    full,            ///< The output space is full; there may be more output.
    corrupt,         ///< The input is not a valid DEFLATE stream. The inflater must not be used any more.
  };

  virtual ~inflater() = default;

  /// Consumes bytes from the front of `in` and writes to the front of `room`. Both are advanced.
  [[nodiscard]] virtual status inflate(std::span<const std::byte>& in, std::span<std::byte>& room) = 0;
  /// True between two blocks, at a byte boundary.
  [[nodiscard]] virtual bool at_byte_boundary() const noexcept = 0;
};

/// The factory of both. One engine serves all threads for the lifetime of the program. The objects that it creates are
/// single-threaded.
class deflate_engine {
 public:
  /// Creates a deflater with a window of at most `window_bits`, 8 to 15. Null if there is no memory.
  [[nodiscard]] virtual std::unique_ptr<deflater> make_deflater(int window_bits) const = 0;
  /// Creates an inflater with a window of at least `window_bits`. Null if there is no memory.
  [[nodiscard]] virtual std::unique_ptr<inflater> make_inflater(int window_bits) const = 0;

  /// Takes back an object that it created and resets it. Another connection may reuse it.
  virtual void recycle(std::unique_ptr<deflater> used) const = 0;
  virtual void recycle(std::unique_ptr<inflater> used) const = 0;

 protected:
  ~deflate_engine() = default;
};

}  // namespace twinsocket::detail
