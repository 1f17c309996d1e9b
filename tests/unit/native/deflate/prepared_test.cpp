#include "test.hpp"

#include <thread>

#include "compressed_wire.hpp"

// Prepared messages are compressed once for all connections without context takeover.

using namespace wire;
using twinsocket::prepared_message;
using twinsocket::send_options;

namespace {

octets send(wire_session& by, const prepared_message& m, const send_options& options = {}) {
  if (by.send({.kind = m.kind(), .bytes = m.bytes(), .options = &options, .shared = m.frames()}) != errc::ok) return {};
  return written(by);
}

// Counts the calls and forwards them to zlib.
class counting_engine final : public deflate_engine {
 public:
  std::unique_ptr<deflater> make_deflater(int bits) const override {
    ++made;
    return zlib_engine(6, 8).make_deflater(bits);
  }
  std::unique_ptr<inflater> make_inflater(int bits) const override { return zlib_engine(6, 8).make_inflater(bits); }
  void recycle(std::unique_ptr<deflater> used) const override { zlib_engine(6, 8).recycle(std::move(used)); }
  void recycle(std::unique_ptr<inflater> used) const override { zlib_engine(6, 8).recycle(std::move(used)); }

  mutable std::atomic<int> made = 0;
};

}  // namespace

TEST_CASE("a prepared_message is compressed once per window size") {
  const counting_engine engine;
  const octets payload = compressible_text(5'000);
  const prepared_message m(message_kind::text, payload);
  for (const int bits : {15, 15, 9, 9, 15}) {
    compressed_pair pair({.engine = &engine, .agreed = {true, true, bits, bits}, .threshold = 0});
    for (const role sender : {role::server, role::client}) {
      const octets bytes = send(pair.side(sender), m);
      REQUIRE(is_compressed(bytes));
      feed(pair.side(other(sender)), bytes);
      REQUIRE(take_messages(pair.side(other(sender))) == std::vector<received_message>{{message_kind::text, payload}});
    }
  }
  CHECK(engine.made == 2);
}

TEST_CASE("a prepared_message is compressed per connection with context takeover") {
  compressed_pair pair(zlib_setup());
  const prepared_message m(message_kind::text, compressible_text(5'000));
  const octets first = send(pair.server, m);
  const octets second = send(pair.server, m);
  CHECK(second.size() < first.size() / 4);
  feed(pair.client, first + second);
  CHECK(take_messages(pair.client) == std::vector<received_message>(2, {message_kind::text, compressible_text(5'000)}));
}

TEST_CASE("a prepared_message is sent uncompressed if it would grow, is small or compress(false) is set") {
  compressed_pair pair(zlib_setup({true, true, 15, 15}, 100));
  CHECK_FALSE(is_compressed(send(pair.server, prepared_message(message_kind::binary, pattern(1'000)))));
  CHECK_FALSE(is_compressed(send(pair.server, prepared_message(message_kind::text, compressible_text(99)))));
  CHECK_FALSE(is_compressed(
      send(pair.server, prepared_message(message_kind::text, compressible_text(500)), send_options().compress(false))));
  CHECK(is_compressed(send(pair.server, prepared_message(message_kind::text, compressible_text(500)))));
}

TEST_CASE("a prepared_message is compressed once when many threads send it concurrently") {
  const counting_engine engine;
  const prepared_message m(message_kind::text, compressible_text(50'000));
  std::vector<octets> frames(8);
  {
    std::vector<std::thread> threads;
    for (octets& to : frames)
      threads.emplace_back([&] {
        compressed_pair pair({.engine = &engine, .agreed = {true, true, 15, 15}, .threshold = 0});
        to = send(pair.server, m);
      });
    for (std::thread& t : threads) t.join();
  }
  CHECK(engine.made == 1);
  REQUIRE(is_compressed(frames[0]));
  for (const octets& one : frames) CHECK(one == frames[0]);
}
