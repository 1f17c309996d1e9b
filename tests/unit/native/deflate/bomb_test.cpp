#include "test.hpp"

#include <zlib.h>

#include "compressed_wire.hpp"

// Messages that inflate to more than the limits allow.

using namespace wire;
using twinsocket::limits;

namespace {

// A compressed message of zeros as frames for the wire. The inflated message is never in memory.
class bomb {
 public:
  explicit bomb(std::uint64_t size) : left_(size) {
    if (::deflateInit2(&stream_, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK) throw std::bad_alloc();
  }
  bomb(const bomb&) = delete;
  bomb& operator=(const bomb&) = delete;
  ~bomb() { ::deflateEnd(&stream_); }

  // The next fragment: about 1 KiB, or the last one.
  octets next_frame() {
    std::vector<unsigned char> out(4'096);
    static std::vector<unsigned char> zeros(1 << 20);
    stream_.next_out = out.data();
    stream_.avail_out = static_cast<uInt>(out.size());
    const auto part = static_cast<uInt>(std::min<std::uint64_t>(left_, zeros.size()));
    stream_.next_in = zeros.data();
    stream_.avail_in = part;
    left_ -= part;
    ::deflate(&stream_, Z_SYNC_FLUSH);
    octets payload(out.size() - stream_.avail_out);
    std::memcpy(payload.data(), out.data(), payload.size());
    const unsigned first = (left_ == 0 ? 0x80 : 0) | (std::exchange(begun_, true) ? 0x00 : 0x42);
    if (left_ == 0) payload.resize(payload.size() - 4);
    return frame(role::server, first, payload);
  }
  [[nodiscard]] bool ended() const { return left_ == 0; }

 private:
  z_stream stream_{};
  std::uint64_t left_;
  bool begun_ = false;
};

constexpr std::uint64_t gib = 1024 * twinsocket::mib;

// Feeds the bomb. Returns how many bytes were fed before the session closed.
std::size_t throw_bomb(wire_session& at, std::uint64_t size) {
  bomb thrown(size);
  std::size_t fed = 0;
  while (at.is_open() && !thrown.ended()) {
    const octets bytes = thrown.next_frame();
    fed += bytes.size();
    feed(at, bytes);
  }
  return fed;
}

std::string end_of(const wire_session& s) {
  return std::to_string(static_cast<int>(s.info().code)) + " " + s.info().reason;
}

}  // namespace

TEST_CASE("a decompression bomb ends with 1009 at max_message_size") {
  const std::uint64_t size = GENERATE(as<std::uint64_t>(), 17 * twinsocket::mib, gib);
  wire_session server(compressing(role::server, zlib_setup()), start);
  const std::size_t fed = throw_bomb(server, size);
  CHECK(end_of(server) == "1009 a message that inflates to more than 16777216 bytes is over the limit");
  CHECK(server.failure() == errc::message_too_big);
  CHECK(fed < 20'000);
  CHECK(take_messages(server).empty());
}

TEST_CASE("a decompression bomb in one frame ends with 1009 for messages and pieces") {
  const bool by_pieces = GENERATE(false, true);
  wire_session server(compressing(role::server, zlib_setup(), limits().max_message_size(100'000)), start);
  message_piece piece;
  if (by_pieces) REQUIRE_FALSE(server.next_piece(piece));
  compressed_pair sender(zlib_setup());
  feed(server, sender.send(role::client, message_kind::binary, octets(2'000'000)));
  std::size_t received = 0;
  while (by_pieces && server.next_piece(piece)) received += piece.bytes.size();
  CHECK(end_of(server) == "1009 a message that inflates to more than 100000 bytes is over the limit");
  CHECK(received <= 100'000);
}

TEST_CASE("max_message_size counts the inflated bytes exactly") {
  for (const std::size_t size : {std::size_t{9'999}, std::size_t{10'000}, std::size_t{10'001}})
    for (const bool random : {false, true}) {
      CAPTURE(size, random);
      wire_session server(compressing(role::server, zlib_setup(), limits().max_message_size(10'000)), start);
      compressed_pair sender(zlib_setup());
      const octets payload = random ? pattern(size) : octets(size);
      feed(server, sender.send(role::client, message_kind::binary, payload));
      // Data that cannot be compressed is larger on the wire than the limit, and still accepted.
      REQUIRE(server.is_open() == (size <= 10'000));
      REQUIRE(take_messages(server).size() == (size <= 10'000 ? 1 : 0));
    }
}

TEST_CASE("above 16 MiB max_inflate_ratio applies to a raised max_message_size") {
  const auto raised = limits().max_message_size(4 * gib);
  wire_session server(compressing(role::server, zlib_setup(), raised), start);
  message_piece piece;
  REQUIRE_FALSE(server.next_piece(piece));
  bomb thrown(gib);
  std::uint64_t received = 0;
  while (server.is_open() && !thrown.ended()) {
    feed(server, thrown.next_frame());
    while (server.next_piece(piece)) received += piece.bytes.size();
  }
  CHECK(server.info().code == close_code::message_too_big);
  CHECK_THAT(server.info().reason, Catch::EndsWith("or more; the limit is 100 times as many"));
  CHECK(server.info().reason.size() <= 123);
  CHECK(received >= 16 * twinsocket::mib);
  CHECK(received < 18 * twinsocket::mib);
}

TEST_CASE("max_inflate_ratio can be raised and does not apply to ordinary text") {
  const auto raised = limits().max_message_size(4 * gib);
  wire_session generous(compressing(role::server, zlib_setup(), limits(raised).max_inflate_ratio(2'000)), start);
  message_piece piece;
  REQUIRE_FALSE(generous.next_piece(piece));
  bomb thrown(40 * twinsocket::mib);
  std::uint64_t received = 0;
  while (!thrown.ended()) {
    feed(generous, thrown.next_frame());
    while (generous.next_piece(piece)) received += piece.bytes.size();
  }
  CHECK(generous.is_open());
  CHECK(received == 40 * twinsocket::mib);

  compressed_pair pair(zlib_setup(), limits(raised).send_queue_bytes(64 * twinsocket::mib));
  feed(pair.client, pair.send(role::server, message_kind::text, compressible_text(20 * twinsocket::mib)));
  CHECK(take_messages(pair.client).size() == 1);
}

TEST_CASE("a message of empty deflate blocks is limited by its compressed size") {
  wire_session server(compressing(role::server, zlib_setup(), limits().max_message_size(1'000)), start);
  octets nothing;
  for (int i = 0; i < 20'000; ++i) nothing = std::move(nothing) + hex("00 00 00 ff ff");
  std::size_t fed = 0;
  for (unsigned first = 0x42; server.is_open() && fed < (std::size_t{64} << 20); first = 0x00) {
    feed(server, frame(role::server, first, nothing));
    fed += nothing.size();
  }
  CHECK(server.info().code == close_code::message_too_big);
  CHECK(fed < 2 * twinsocket::mib);
}

TEST_CASE("a million final deflate blocks do not slow down inflating") {
  wire_session server(compressing(role::server, zlib_setup(), limits().max_message_size(16 * twinsocket::mib)), start);
  compressed_pair sender(zlib_setup());
  // Fills the window first: copying it for each block would take minutes.
  feed(server, sender.send(role::client, message_kind::binary, pattern(100'000)));
  octets blocks(2'000'000);
  for (std::size_t i = 0; i < blocks.size(); i += 2) blocks[i] = std::byte{0x03};
  feed(server, frame(role::server, 0xc2, blocks));
  CHECK(server.is_open());
  CHECK(take_messages(server).size() == 2);
}
