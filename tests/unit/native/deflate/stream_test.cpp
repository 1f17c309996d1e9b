#include "test.hpp"

#include "compressed_wire.hpp"

// Compressed messages that are sent in fragments and received in pieces.

using namespace wire;

namespace {

constexpr auto text = message_kind::text;
constexpr auto binary = message_kind::binary;

octets send_fragment(wire_session& by, message_kind kind, const octets& bytes, bool first, bool last,
                     bool compress = true) {
  if (by.send_fragment(kind, bytes, first, last, compress) != errc::ok) return {};
  return written(by);
}

struct pieces {
  octets bytes;
  std::size_t largest = 0;
  std::size_t count = 0;
  bool ended = false;
};

void take_pieces(wire_session& from, pieces& all) {
  message_piece piece;
  while (from.next_piece(piece)) {
    all.bytes.insert(all.bytes.end(), piece.bytes.begin(), piece.bytes.end());
    all.largest = std::max(all.largest, piece.bytes.size());
    all.ended = piece.last;
    ++all.count;
  }
}

}  // namespace

TEST_CASE("each fragment of a compressed message can be inflated when it arrives") {
  const bool alone = GENERATE(false, true);
  const role sender = GENERATE(role::client, role::server);
  compressed_pair pair(zlib_setup({alone, alone, 15, 15}));
  wire_session& from = pair.side(sender);
  wire_session& to = pair.side(other(sender));
  for (int message = 0; message < 3; ++message) {
    pieces received;
    octets sent;
    for (int i = 0; i < 5; ++i) {
      const octets part = compressible_text(100 + 1'000 * static_cast<std::size_t>(i));
      sent.insert(sent.end(), part.begin(), part.end());
      const octets bytes = send_fragment(from, text, part, i == 0, false);
      REQUIRE(is_compressed(bytes) == (i == 0));
      feed(to, bytes);
      take_pieces(to, received);
      REQUIRE(received.bytes == sent);
      REQUIRE_FALSE(received.ended);
    }
    // A ping between fragments is not compressed.
    from.ping();
    feed(to, written(from));
    feed(from, written(to));
    REQUIRE(from.last_answered_ping() == static_cast<std::uint64_t>(message + 1));
    feed(to, send_fragment(from, text, {}, false, true));
    take_pieces(to, received);
    REQUIRE(received.bytes == sent);
    REQUIRE(received.ended);
  }
}

TEST_CASE("a compressed fragmented message is reassembled between other messages") {
  const bool alone = GENERATE(false, true);
  compressed_pair pair(zlib_setup({alone, alone, 15, 15}));
  const octets payload = compressible_text(3'000);
  octets all = pair.send(role::server, text, payload);
  all = std::move(all) + send_fragment(pair.server, binary, payload, true, false);
  REQUIRE(pair.server.send({.kind = text, .bytes = payload}) == errc::ok);
  all = std::move(all) + send_fragment(pair.server, binary, {}, false, false);
  all = std::move(all) + send_fragment(pair.server, binary, payload, false, true);
  feed(pair.client, all);
  REQUIRE(take_messages(pair.client) ==
          std::vector<received_message>{{text, payload}, {binary, payload + payload}, {text, payload}});
}

TEST_CASE("a fragmented message can be sent uncompressed and an empty one always is") {
  compressed_pair pair(zlib_setup());
  const octets payload = compressible_text(3'000);
  octets all = send_fragment(pair.server, text, payload, true, false, false);
  REQUIRE_FALSE(is_compressed(all));
  all = std::move(all) + send_fragment(pair.server, text, payload, false, true);
  const octets empty = send_fragment(pair.server, text, {}, true, true);
  REQUIRE(empty == hex("81 00"));
  all = std::move(all) + empty + pair.send(role::server, text, payload);
  feed(pair.client, all);
  REQUIRE(take_messages(pair.client) ==
          std::vector<received_message>{{text, payload + payload}, {text, {}}, {text, payload}});
}

TEST_CASE("two connections on one thread may each have an unfinished compressed message") {
  const compression_setup setup = zlib_setup({true, true, 15, 15});
  compressed_pair a(setup);
  compressed_pair b(setup);
  octets to_a = send_fragment(a.server, text, octets_of("one, one, one, "), true, false);
  octets to_b = send_fragment(b.server, text, octets_of("two, two, two, "), true, false);
  feed(a.client, to_a);
  feed(b.client, to_b);
  feed(a.client, send_fragment(a.server, text, octets_of("one, one"), false, true));
  feed(b.client, send_fragment(b.server, text, octets_of("two, two"), false, true));
  REQUIRE(take_messages(a.client) == std::vector<received_message>{{text, octets_of("one, one, one, one, one")}});
  REQUIRE(take_messages(b.client) == std::vector<received_message>{{text, octets_of("two, two, two, two, two")}});
}

TEST_CASE("a message that inflates to much is returned in small pieces and its rest can be skipped") {
  compressed_pair pair(zlib_setup());
  const octets payload(5'000'000, std::byte{'x'});
  const octets bytes = pair.send(role::server, binary, payload) + pair.send(role::server, text, octets_of("next"));

  pieces received;
  wire_session by_pieces(compressing(role::client, zlib_setup()), start);
  message_piece piece;
  REQUIRE_FALSE(by_pieces.next_piece(piece));
  feed(by_pieces, bytes);
  while (!received.ended && by_pieces.next_piece(piece)) {
    received.bytes.insert(received.bytes.end(), piece.bytes.begin(), piece.bytes.end());
    received.largest = std::max(received.largest, piece.bytes.size());
    received.ended = piece.last;
    // The session does not read more while it has data to inflate.
    if (!piece.last) REQUIRE_FALSE(by_pieces.next_io().read);
  }
  REQUIRE(received.bytes == payload);
  REQUIRE(received.largest <= 64 * twinsocket::kib);
  REQUIRE(take_messages(by_pieces) == std::vector<received_message>{{text, octets_of("next")}});
  REQUIRE(by_pieces.next_io().read);

  wire_session dropping(compressing(role::client, zlib_setup()), start);
  REQUIRE_FALSE(dropping.next_piece(piece));
  feed(dropping, bytes);
  REQUIRE(dropping.next_piece(piece));
  REQUIRE(take_messages(dropping) == std::vector<received_message>{{text, octets_of("next")}});
}

TEST_CASE("abort() discards the message being inflated") {
  compressed_pair pair(zlib_setup());
  message_piece piece;
  REQUIRE_FALSE(pair.client.next_piece(piece));
  feed(pair.client, pair.send(role::server, binary, octets(1'000'000, std::byte{'x'})));
  REQUIRE(pair.client.next_piece(piece));
  pair.client.abort();
  REQUIRE_FALSE(pair.client.next_piece(piece));
  REQUIRE(pair.client.next_io().close_stream);
}
