#pragma once

// Helpers of the fuzz targets. A target takes the settings of a run from the end of its input and the data from the
// front, so a seed is a document followed by a few bytes.

#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fuzz {

using octets = std::vector<std::byte>;

/// Aborts the run if a rule is broken. libFuzzer keeps the input.
inline void expect(bool holds, std::string_view rule, const char* file = __builtin_FILE(),
                   int line = __builtin_LINE()) {
  if (holds) return;
  std::fprintf(stderr, "%s:%d: broken rule: %.*s\n", file, line, static_cast<int>(rule.size()), rule.data());
  std::abort();
}

/// Requires two values to be equal, and prints both if they are not.
inline void expect_same(std::string_view one, std::string_view other, std::string_view rule,
                        const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
  if (one != other)
    std::fprintf(stderr, "\"%.*s\"\n\"%.*s\"\n", static_cast<int>(one.size()), one.data(),
                 static_cast<int>(other.size()), other.data());
  expect(one == other, rule, file, line);
}

inline std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}
inline std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// A copy in a heap block of exactly its size, so that AddressSanitizer detects every access beyond it.
class exact_size_copy {
 public:
  explicit exact_size_copy(std::span<const std::byte> from) : block_(new std::byte[from.size()]), size_(from.size()) {
    if (size_ > 0) std::memcpy(block_.get(), from.data(), size_);
  }
  [[nodiscard]] std::span<std::byte> bytes() { return {block_.get(), size_}; }
  [[nodiscard]] std::string_view text() { return text_of(bytes()); }

 private:
  std::unique_ptr<std::byte[]> block_;
  std::size_t size_;
};

/// Chunk sizes into which an input is cut, used in turn and repeated.
class chunk_sizes {
 public:
  explicit chunk_sizes(FuzzedDataProvider& input) {
    for (unsigned char& size : sizes_) size = input.ConsumeIntegral<unsigned char>();
  }
  /// The next chunk size: at least 1, at most `left`.
  [[nodiscard]] std::size_t next(std::size_t left) {
    const std::size_t size = sizes_[turn_++ % std::size(sizes_)];
    return std::min(std::max<std::size_t>(size, 1), left);
  }

 private:
  unsigned char sizes_[4];
  std::size_t turn_ = 0;
};

inline octets rest_of(FuzzedDataProvider& input) { return input.ConsumeBytes<std::byte>(input.remaining_bytes()); }

/// Validates UTF-8 byte by byte with the table of RFC 3629 section 4. A reference for comparison.
inline bool is_valid_utf8_reference(std::span<const std::byte> bytes) {
  const auto within = [&](std::size_t at, unsigned from, unsigned to) {
    return at < bytes.size() && std::to_integer<unsigned>(bytes[at]) >= from &&
           std::to_integer<unsigned>(bytes[at]) <= to;
  };
  const auto tails = [&](std::size_t at, std::size_t count) {
    while (count > 0 && within(at, 0x80, 0xbf)) ++at, --count;
    return count == 0;
  };
  for (std::size_t i = 0; i < bytes.size();) {
    if (within(i, 0, 0x7f))
      i += 1;
    else if (within(i, 0xc2, 0xdf) && tails(i + 1, 1))
      i += 2;
    else if (within(i, 0xe0, 0xe0) && within(i + 1, 0xa0, 0xbf) && tails(i + 2, 1))
      i += 3;
    else if (within(i, 0xe1, 0xec) && tails(i + 1, 2))
      i += 3;
    else if (within(i, 0xed, 0xed) && within(i + 1, 0x80, 0x9f) && tails(i + 2, 1))
      i += 3;
    else if (within(i, 0xee, 0xef) && tails(i + 1, 2))
      i += 3;
    else if (within(i, 0xf0, 0xf0) && within(i + 1, 0x90, 0xbf) && tails(i + 2, 2))
      i += 4;
    else if (within(i, 0xf1, 0xf3) && tails(i + 1, 3))
      i += 4;
    else if (within(i, 0xf4, 0xf4) && within(i + 1, 0x80, 0x8f) && tails(i + 2, 2))
      i += 4;
    else
      return false;
  }
  return true;
}

}  // namespace fuzz
