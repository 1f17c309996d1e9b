#include "test.hpp"

#include <zlib.h>

#include "compressed_wire.hpp"

// A message that one side compresses arrives unchanged at the other side.

using namespace wire;
using twinsocket::limits;
using twinsocket::send_options;

namespace {

constexpr auto text = message_kind::text;
constexpr auto binary = message_kind::binary;

octets repeated(std::size_t size) { return octets(size, std::byte{'x'}); }

// Feeds the bytes in chunks of `step`, with a release_input() after each, as the transport does.
std::vector<received_message> receive_in_steps(wire_session& to, const octets& bytes, std::size_t step) {
  std::vector<received_message> all;
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    octets part(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                bytes.begin() + static_cast<std::ptrdiff_t>(std::min(at + step, bytes.size())));
    feed(to, std::move(part));
    for (received_message& g : take_messages(to)) all.push_back(std::move(g));
  }
  return all;
}

}  // namespace

TEST_CASE("messages round-trip for all permessage-deflate parameters") {
  const bool server_alone = GENERATE(false, true);
  const bool client_alone = GENERATE(false, true);
  const int server_bits = GENERATE(8, 9, 10, 11, 12, 13, 14, 15);
  const int client_bits = GENERATE(8, 9, 12, 15);
  const std::size_t threshold = GENERATE(as<std::size_t>(), 0, 1000);
  CAPTURE(server_alone, client_alone, server_bits, client_bits, threshold);
  compressed_pair pair(zlib_setup({server_alone, client_alone, server_bits, client_bits}, threshold));

  const std::vector<received_message> messages{{text, {}},
                                               {text, octets_of("Hello")},
                                               {binary, hex("00")},
                                               {text, compressible_text(300)},
                                               {text, compressible_text(300)},
                                               {binary, pattern(500)},
                                               {binary, pattern(5'000)},
                                               {text, compressible_text(40'000)},
                                               {text, compressible_text(999)},
                                               {text, compressible_text(1'000)},
                                               {binary, repeated(70'000)},
                                               {text, compressible_text(40'000)}};
  for (const role sender : {role::server, role::client}) {
    octets all;
    std::size_t plain_size = 0;
    for (const received_message& m : messages) {
      const octets bytes = pair.send(sender, m.kind, m.bytes);
      plain_size += m.bytes.size();
      const bool alone = sender == role::server ? server_alone : client_alone;
      const bool may = m.bytes.size() >= threshold && !m.bytes.empty();
      if (!may) REQUIRE_FALSE(is_compressed(bytes));
      // With context takeover, incompressible data is compressed too, because later messages may refer back to it.
      if (may && !alone) REQUIRE(is_compressed(bytes));
      if (may && m.bytes.size() >= 10'000) REQUIRE(is_compressed(bytes));
      all.insert(all.end(), bytes.begin(), bytes.end());
    }
    REQUIRE(all.size() < plain_size / 4);
    feed(pair.side(other(sender)), all);
    REQUIRE(take_messages(pair.side(other(sender))) == messages);
    REQUIRE(pair.side(other(sender)).is_open());
  }
}

TEST_CASE("context takeover makes repeated messages smaller") {
  const octets payload = compressible_text(2'000);
  const auto second_size = [&](bool alone) {
    compressed_pair pair(zlib_setup({alone, alone, 15, 15}));
    static_cast<void>(pair.send(role::server, text, payload));
    return pair.send(role::server, text, payload).size();
  };
  CHECK(second_size(false) < 50);
  CHECK(second_size(true) > 200);
}

TEST_CASE("compressed messages are inflated for every cut position") {
  const bool alone = GENERATE(false, true);
  const role sender = GENERATE(role::client, role::server);
  const std::vector<received_message> messages{
      {text, octets_of("Hello, hello, hello, gr\xc3\xbc\xc3\x9f dich, gr\xc3\xbc\xc3\x9f dich")},
      {binary, repeated(300)},
      {text, octets_of("Hello, hello, hello, gr\xc3\xbc\xc3\x9f dich, gr\xc3\xbc\xc3\x9f dich")}};
  const compression_setup setup = zlib_setup({alone, alone, 15, 15});
  compressed_pair sending(setup);
  octets all;
  for (const received_message& m : messages) {
    const octets bytes = sending.send(sender, m.kind, m.bytes);
    REQUIRE(is_compressed(bytes));
    all.insert(all.end(), bytes.begin(), bytes.end());
  }
  for (std::size_t border = 0; border <= all.size(); ++border) {
    compressed_pair pair(setup);
    wire_session& to = pair.side(other(sender));
    const auto middle = all.begin() + static_cast<std::ptrdiff_t>(border);
    feed(to, octets(all.begin(), middle));
    feed(to, octets(middle, all.end()));
    REQUIRE(take_messages(to) == messages);
  }
  compressed_pair pair(setup);
  REQUIRE(receive_in_steps(pair.side(other(sender)), all, 1) == messages);
}

TEST_CASE("large compressed messages are inflated for all read sizes") {
  const std::size_t size =
      GENERATE(as<std::size_t>(), 65'535, 65'536, 65'537, 131'072, 1'000'000, 16 * twinsocket::mib);
  const std::size_t step = GENERATE(as<std::size_t>(), 1'000, 65'536, 1 << 24);
  if (size / step > 2'000) return;
  CAPTURE(size, step);
  compressed_pair pair(zlib_setup(), limits().send_queue_bytes(32 * twinsocket::mib));
  for (const octets& payload : {repeated(size), compressible_text(size), pattern(size)}) {
    const octets bytes = pair.send(role::client, binary, payload);
    REQUIRE(is_compressed(bytes));
    const std::vector<received_message> received = receive_in_steps(pair.server, bytes, step);
    REQUIRE(received.size() == 1);
    REQUIRE(received[0].bytes == payload);
  }
  REQUIRE(pair.server.current_counters().bytes_received == 3 * size);
  REQUIRE(pair.client.current_counters().bytes_sent == 3 * size);
}

TEST_CASE("messages below the threshold or with compress(false) are sent uncompressed") {
  const bool alone = GENERATE(false, true);
  compressed_pair pair(zlib_setup({alone, alone, 15, 15}, 100));
  CHECK_FALSE(is_compressed(pair.send(role::server, text, compressible_text(99))));
  CHECK(is_compressed(pair.send(role::server, text, compressible_text(200))));
  CHECK_FALSE(is_compressed(pair.send(role::server, text, compressible_text(200), send_options().compress(false))));
  CHECK(is_compressed(pair.send(role::server, text, compressible_text(200), send_options().compress(true))));
}

TEST_CASE("a queued message keeps compress(false)") {
  compressed_pair pair(zlib_setup());
  const octets payload = compressible_text(500);
  const send_options plain = send_options().compress(false);
  const auto send = [&](const send_options* options) {
    REQUIRE(pair.server.send({.kind = text, .bytes = payload, .options = options}) == errc::ok);
  };
  send(nullptr);
  const octets first(pair.server.output().begin(), pair.server.output().begin() + 1);
  pair.server.on_written(1);
  send(&plain);
  send(nullptr);
  const octets all = first + written(pair.server);
  std::vector<bool> compressed;
  for (const recorded_event& t : read_all(reader({.self = role::client,
                                 .limits = limits().max_message_size(10'000).max_fragments(10),
                                 .allow_compressed = true}),
                                          all))
    compressed.push_back(t.compressed);
  REQUIRE(compressed == std::vector{true, false, true});
  feed(pair.client, all);
  REQUIRE(take_messages(pair.client) == std::vector<received_message>(3, {text, payload}));
}

TEST_CASE("control frames are not compressed") {
  compressed_pair pair(zlib_setup());
  pair.server.ping();
  const octets pinged = written(pair.server);
  CHECK_FALSE(is_compressed(pinged));
  feed(pair.client, pinged);
  const octets ponged = written(pair.client);
  CHECK_FALSE(is_compressed(ponged));
  feed(pair.server, ponged);
  CHECK(pair.server.last_answered_ping() == 1);
  pair.server.close(close_code::normal, std::string(100, 'x'));
  const octets closed = written(pair.server);
  CHECK_FALSE(is_compressed(closed));
  feed(pair.client, closed);
  CHECK(pair.client.info().reason == std::string(100, 'x'));
}

// Inflates with a window of 256 bytes, which zlib supports for inflating: a reference further back is a data error. The
// output is taken one byte at a time, so that zlib has no other data to refer to.
octets inflate_in_256(octets frame) {
  const std::size_t header = frame.size() < 128 ? 2 : 4;
  frame.erase(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(header));
  for (const unsigned b : {0x00u, 0x00u, 0xffu, 0xffu}) frame.push_back(static_cast<std::byte>(b));
  z_stream stream{};
  REQUIRE(::inflateInit2(&stream, -8) == Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(frame.data());
  stream.avail_in = static_cast<uInt>(frame.size());
  octets plain;
  for (std::byte next{};; plain.push_back(next)) {
    stream.next_out = reinterpret_cast<Bytef*>(&next);
    stream.avail_out = 1;
    if (::inflate(&stream, Z_SYNC_FLUSH) != Z_OK || stream.avail_out == 1) break;
  }
  const std::string flaw = stream.msg ? stream.msg : "";
  ::inflateEnd(&stream);
  CHECK(flaw == "");
  return plain;
}

TEST_CASE("a peer with an 8-bit window inflates messages of server_max_window_bits=8") {
  // Repeats the bytes at every distance around the window size.
  const std::size_t distance = GENERATE(range(std::size_t{230}, std::size_t{300}));
  const int level = GENERATE(1, 3, 6, 9);
  CAPTURE(distance, level);
  octets payload;
  for (int i = 0; i < 8; ++i) payload = payload + pattern(distance);
  compressed_pair pair({.engine = &zlib_engine(level, 8), .agreed = {true, true, 8, 8}, .threshold = 0});
  octets bytes = pair.send(role::server, binary, payload + compressible_text(500));
  REQUIRE(is_compressed(bytes));
  CHECK(inflate_in_256(std::move(bytes)) == payload + compressible_text(500));
}

TEST_CASE("server_max_window_bits=9 prevents references beyond 512 bytes") {
  // Two equal halves of random bytes, 1,000 bytes apart.
  const octets half = pattern(1'000);
  compressed_pair narrow(zlib_setup({false, false, 9, 15}));
  compressed_pair wide(zlib_setup());
  CHECK(narrow.send(role::server, binary, half + half).size() > 2'000);
  CHECK(wide.send(role::server, binary, half + half).size() < 1'200);
}

TEST_CASE("unread compressed messages stop reading and none is lost") {
  compressed_pair pair(zlib_setup(), limits().receive_queue_bytes(100'000));
  const octets payload = compressible_text(50'000);
  octets all;
  for (int i = 0; i < 20; ++i) {
    const octets bytes = pair.send(role::client, text, payload);
    all.insert(all.end(), bytes.begin(), bytes.end());
  }
  feed(pair.server, std::move(all));
  CHECK_FALSE(pair.server.next_io().read);
  const std::vector<received_message> received = take_messages(pair.server);
  CHECK(received == std::vector<received_message>(20, {text, payload}));
  CHECK(pair.server.next_io().read);
}
