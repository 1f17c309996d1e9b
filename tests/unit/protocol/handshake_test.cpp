#include "protocol/handshake.hpp"

#include "test.hpp"
#include <set>

#include "protocol/sha1.hpp"
#include "protocol/wire.hpp"

using namespace wire;

namespace {

std::string sha1_in_hex(std::string_view text) {
  std::string result;
  for (const std::byte b : sha1(octets_of(text)))
    for (const int shift : {4, 0}) result.push_back("0123456789abcdef"[std::to_integer<unsigned>(b) >> shift & 15]);
  return result;
}

void count_up(std::span<std::byte> bytes) {
  static unsigned next = 0;
  for (std::byte& b : bytes) b = static_cast<std::byte>(next++ & 0xff);
}

}  // namespace

TEST_CASE("sha1() matches test vectors, also for lengths at block boundaries") {
  CHECK(sha1_in_hex("") == "da39a3ee5e6b4b0d3255bfef95601890afd80709");
  CHECK(sha1_in_hex("abc") == "a9993e364706816aba3e25717850c26c9cd0d89d");
  CHECK(sha1_in_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
  const auto [size, digest] = GENERATE(table<std::size_t, std::string>({
      {55, "c1c8bbdc22796e28c0e15163d20899b65621d65a"},
      {56, "c2db330f6083854c99d4b5bfb6e8f29f201be699"},
      {63, "03f09f5b158a7a8cdad920bddc29b81c18a551f5"},
      {64, "0098ba824b5c16427bd7a1122a5a442a25ec644d"},
      {65, "11655326c708d70319be2610e8a57d9a5b959d3b"},
      {119, "ee971065aaa017e0632a8ca6c77bb3bf8b1dfc56"},
      {120, "f34c1488385346a55709ba056ddd08280dd4c6d6"},
      {1'000'000, "34aa973cd4c4daa4f61eeb2bdbad27316534016f"},
  }));
  CHECK(sha1_in_hex(std::string(size, 'a')) == digest);
}

TEST_CASE("accept_key() computes the example of RFC 6455, section 1.3") {
  CHECK(accept_key("dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

TEST_CASE("make_key() encodes 16 bytes from the random source") {
  const std::string key_text = make_key(count_up);
  CHECK(key_text == "AAECAwQFBgcICQoLDA0ODw==");
  CHECK(is_valid_key(key_text));
  CHECK(make_key(count_up) != key_text);
}

TEST_CASE("a Sec-WebSocket-Key that is not the base64 of 16 bytes is invalid") {
  CHECK(is_valid_key("dGhlIHNhbXBsZSBub25jZQ=="));
  const auto bad = GENERATE(as<std::string>(), "", "==", "dGhlIHNhbXBsZSBub25jZQ=", "dGhlIHNhbXBsZSBub25jZQ",
                            "dGhlIHNhbXBsZSBub25jZQQ=", "dGhlIHNhbXBsZSBub25jZQQQ",
                            "dGhlIHNhbXBsZSBub25j====", "dGhlIHNhbXBsZSBub25jZ\xc3==", "dGhlIHNhbXBsZSBub25j Q==",
                            "dGhlIHNhbXBsZSBub25jZQ== ", "dGhlIHNhbXBsZSBub25jZQ==dGhlIHNhbXBsZSBub25jZQ==");
  CHECK_FALSE(is_valid_key(bad));
}

TEST_CASE("has_token() finds a token in a comma-separated list case-insensitively") {
  const auto list = GENERATE(as<std::string>(), "Upgrade", "upgrade", "UPGRADE", "keep-alive, Upgrade",
                             "keep-alive,Upgrade", " \tupgrade \t, x", ",,upgrade,,", "a, b,upgrade");
  CHECK(has_token(list, "upgrade"));
  CHECK(has_token(list, "Upgrade"));
}

TEST_CASE("has_token() does not match a part of another token") {
  const auto list =
      GENERATE(as<std::string>(), "", ",", "upgrades", "an upgrade", "up grade", "keep-alive", "upgrade;q=1");
  CHECK_FALSE(has_token(list, "upgrade"));
}

TEST_CASE("is_token() accepts exactly the token characters of RFC 9110") {
  std::string allowed;
  for (int c = 0; c < 256; ++c)
    if (is_token(std::string(1, static_cast<char>(c)))) allowed.push_back(static_cast<char>(c));
  CHECK(allowed == "!#$%&'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz|~");
  CHECK(is_token("sensors.json"));
  CHECK_FALSE(is_token(""));
  CHECK_FALSE(is_token("two words"));
}

TEST_CASE("parse_subprotocols() splits the list into its names") {
  std::vector<std::string_view> names;
  CHECK(parse_subprotocols("chat, superchat ,\tx.y,,", names));
  CHECK(names == std::vector<std::string_view>{"chat", "superchat", "x.y"});
  CHECK(parse_subprotocols("another-header", names));
  CHECK(names.size() == 4);
  CHECK(parse_subprotocols("", names));
  CHECK(names.size() == 4);
}

TEST_CASE("parse_subprotocols() rejects names that are no tokens and duplicates") {
  const auto list =
      GENERATE(as<std::string>(), "two words", "chat, a/b", "\"chat\"", "chat, chat", "gr\xc3\xbc\xc3\x9f");
  std::vector<std::string_view> names;
  CHECK_FALSE(parse_subprotocols(list, names));
}

TEST_CASE("parse_subprotocols() rejects a name that an earlier header field has offered") {
  std::vector<std::string_view> names;
  REQUIRE(parse_subprotocols("chat", names));
  CHECK_FALSE(parse_subprotocols("chat", names));
}

TEST_CASE("select_subprotocol() takes the first of the server's preferences that is offered") {
  const std::vector<std::string> preferences{"v2.chat", "v1.chat"};
  const std::vector<std::string_view> both{"v1.chat", "v2.chat"};
  const std::vector<std::string_view> old{"v0.chat", "v1.chat"};
  const std::vector<std::string_view> other_case{"V2.chat"};
  CHECK(select_subprotocol(preferences, both) == "v2.chat");
  CHECK(select_subprotocol(preferences, old) == "v1.chat");
  CHECK(select_subprotocol(preferences, other_case).empty());
  CHECK(select_subprotocol({}, both).empty());
  CHECK(select_subprotocol(preferences, {}).empty());
}
