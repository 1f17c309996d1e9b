#include "protocol/mask.hpp"

#include "test.hpp"

#include "protocol/wire.hpp"

using namespace wire;

namespace {

// The definition of RFC 6455 section 5.3.
octets masked_bytewise(octets bytes, std::size_t offset) {
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] ^= key[(offset + i) % 4];
  return bytes;
}

// A range of `size` bytes within a larger block. Checks that the bytes around it stay unchanged.
struct fenced {
  octets all;
  std::size_t begin, size;

  fenced(const octets& bytes, std::size_t misalignment)
      : all(misalignment + bytes.size() + 33, std::byte{0xee}), begin(misalignment), size(bytes.size()) {
    std::copy(bytes.begin(), bytes.end(), all.begin() + static_cast<std::ptrdiff_t>(begin));
  }
  std::span<std::byte> inner() { return std::span(all).subspan(begin, size); }
  bool fence_stands() const {
    for (std::size_t i = 0; i < all.size(); ++i)
      if ((i < begin || i >= begin + size) && all[i] != std::byte{0xee}) return false;
    return true;
  }
};

octets copy_of(std::span<const std::byte> bytes) { return {bytes.begin(), bytes.end()}; }

}  // namespace

TEST_CASE("apply_mask() and copy_masked() match bytewise masking for all sizes, alignments and offsets") {
  const std::size_t misalignment = GENERATE(0, 1, 3, 8, 15);
  for (std::size_t size = 0; size <= 300; ++size) {
    const octets plain = pattern(size);
    for (std::size_t offset = 0; offset < 8; ++offset) {
      const octets expected = masked_bytewise(plain, offset);

      fenced in_place(plain, misalignment);
      apply_mask(in_place.inner(), key, offset);
      const bool in_place_is_right = copy_of(in_place.inner()) == expected && in_place.fence_stands();

      fenced target(octets(size), misalignment);
      copy_masked(target.inner().data(), plain, key, offset);
      const bool copy_is_right = copy_of(target.inner()) == expected && target.fence_stands();

      if (!in_place_is_right || !copy_is_right) {
        CAPTURE(size, offset, misalignment, in_place_is_right, copy_is_right);
        FAIL("masked wrongly");
      }
    }
  }
  SUCCEED("all sizes");
}

TEST_CASE("masking twice restores the payload") {
  octets bytes = pattern(1000);
  apply_mask(bytes, key, 3);
  CHECK(bytes != pattern(1000));
  apply_mask(bytes, key, 3);
  CHECK(bytes == pattern(1000));
}

TEST_CASE("a payload can be masked in parts with an offset") {
  const octets expected = masked_bytewise(pattern(200), 0);
  for (std::size_t border = 0; border <= 200; ++border) {
    octets bytes = pattern(200);
    apply_mask(std::span(bytes).first(border), key);
    apply_mask(std::span(bytes).subspan(border), key, border);
    REQUIRE(bytes == expected);
  }
}
