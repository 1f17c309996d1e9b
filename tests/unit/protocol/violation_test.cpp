#include "test.hpp"

#include "protocol/wire.hpp"

// Every rule that a peer can violate: the bytes, the reader's close code, and the error that names the rule.

using namespace wire;

namespace {

struct breach {
  std::string name;
  octets bytes;
  close_code code;
  errc why;
  std::string text;
};

reader_options options(role self) {
  return {.self = self, .limits = twinsocket::limits().max_message_size(1000).max_fragments(3).max_frame_size(990)};
}

std::vector<breach> breaches(role self) {
  const auto make = [self](unsigned first, const octets& payload = {}) { return frame(self, first, payload); };
  const auto announced = [self](std::string_view length) {
    return hex("82") + (self == role::server ? hex("ff") : hex("7f")) + hex(length) +
           (self == role::server ? hex("00 00 00 00") : octets{});
  };
  std::vector<breach> all;
  const auto broken = [&](std::string name, octets bytes, std::string text) {
    all.push_back(
        {std::move(name), std::move(bytes), close_code::protocol_error, errc::protocol_violation, std::move(text)});
  };
  const auto not_utf8 = [&](std::string name, octets bytes, std::string text) {
    all.push_back(
        {std::move(name), std::move(bytes), close_code::invalid_payload, errc::invalid_utf8, std::move(text)});
  };
  const auto too_big = [&](std::string name, octets bytes, std::string text) {
    all.push_back(
        {std::move(name), std::move(bytes), close_code::message_too_big, errc::message_too_big, std::move(text)});
  };

  broken("RSV1", make(0xc1), "a reserved bit is set and no extension gives it a meaning (RFC 6455 section 5.2)");
  broken("RSV2", make(0xa1), "a reserved bit is set");
  broken("RSV3", make(0x91), "a reserved bit is set");
  broken("RSV1 of a control frame", make(0xc9), "a reserved bit is set");
  for (const unsigned op : {3u, 4u, 5u, 6u, 7u, 11u, 12u, 13u, 14u, 15u})
    broken("opcode", make(0x80 | op), "opcode " + std::to_string(op) + " is reserved (RFC 6455 section 5.2)");
  if (self == role::server)
    broken("unmasked", frame(self, 0x81, octets_of("a"), false), "client frames must be masked (RFC 6455 section 5.1)");
  else
    broken("masked", frame(self, 0x81, octets_of("a"), true),
           "server frames must not be masked (RFC 6455 section 5.1)");

  for (const unsigned op : {8u, 9u, 10u}) {
    broken("a control frame without fin", make(op), "control frames may not be fragmented (RFC 6455 section 5.5)");
    broken("a large control frame", make(0x80 | op, octets(126)),
           "control frames carry at most 125 bytes (RFC 6455 section 5.5)");
    broken("a control frame with a long length", frame(self, 0x80 | op, octets(5), {}, 2), "at most 125 bytes");
    broken("a control frame with a 64-bit length", frame(self, 0x80 | op, octets(5), {}, 8), "at most 125 bytes");
  }

  const std::string shortest = "a length must be in as few bytes as hold it (RFC 6455 section 5.2)";
  broken("0 in two bytes", frame(self, 0x82, {}, {}, 2), shortest);
  broken("125 in two bytes", frame(self, 0x82, octets(125), {}, 2), shortest);
  broken("5 in eight bytes", frame(self, 0x82, octets(5), {}, 8), shortest);
  broken("126 in eight bytes", frame(self, 0x82, octets(126), {}, 8), shortest);
  broken("65535 in eight bytes", announced("00 00 00 00 00 00 ff ff"), shortest);
  broken("a length with its top bit", announced("80 00 00 00 00 00 00 00"),
         "the top bit of a 64-bit length must be 0 (RFC 6455 section 5.2)");
  broken("a length of all bits", announced("ff ff ff ff ff ff ff ff"), "the top bit of a 64-bit length");

  const std::string nothing = "a continuation frame has no message to continue (RFC 6455 section 5.4)";
  broken("a continuation at the start", make(0x80, octets_of("a")), nothing);
  broken("a continuation after a message", make(0x81) + make(0x00), nothing);
  broken("a continuation after a fragmented message", make(0x01) + make(0x80) + make(0x80), nothing);
  broken("a continuation after a ping", make(0x89) + make(0x80), nothing);
  const std::string within = "a new message may not begin within a fragmented one (RFC 6455 section 5.4)";
  broken("text within text", make(0x01) + make(0x81), within);
  broken("binary within text", make(0x01) + make(0x00) + make(0x82), within);
  broken("text within binary, after a ping", make(0x02) + make(0x89) + make(0x01), within);

  broken("a close of one byte", make(0x88, hex("03")),
         "one byte is too short for a close code (RFC 6455 section 5.5.1)");
  for (const unsigned code : {0u, 999u, 1004u, 1005u, 1006u, 1015u, 1016u, 1100u, 2000u, 2999u, 5000u, 65535u})
    broken("a close code", make(0x88, {static_cast<std::byte>(code >> 8), static_cast<std::byte>(code & 0xff)}),
           "close code " + std::to_string(code) + " may not be sent (RFC 6455 section 7.4)");
  not_utf8("a bad close reason", make(0x88, hex("03 e8 ff")),
           "the close reason is not valid UTF-8 (RFC 6455 section 5.5.1)");
  not_utf8("a cut close reason", make(0x88, hex("03 e8 e2 82")), "the close reason is not valid UTF-8");

  const std::string text_rule = "a text message is not valid UTF-8 (RFC 6455 section 8.1)";
  not_utf8("text with a bad byte", make(0x81, octets_of("abc\xff")), text_rule);
  not_utf8("text that ends within a character", make(0x81, hex("e2 82")), text_rule);
  not_utf8("a surrogate", make(0x81, hex("ed a0 80")), text_rule);
  not_utf8("a character across fragments that goes wrong", make(0x01, hex("61 e2")) + make(0x80, hex("41")), text_rule);
  not_utf8("a last fragment that leaves a character open", make(0x01, hex("e2")) + make(0x80, hex("82")), text_rule);
  not_utf8("an empty last fragment behind an open character", make(0x01, hex("e2")) + make(0x80), text_rule);
  not_utf8("a bad byte in a long text", make(0x81, octets(200, std::byte{'a'}) + hex("c0 80") + octets(200)),
           text_rule);

  too_big("a frame over the limit", make(0x82, octets(991)), "a frame of 991 bytes is over the limit of 990 bytes");
  too_big("a fragment over the limit", make(0x02) + make(0x00, octets(991)), "a frame of 991 bytes is over the limit");
  too_big("a message over the limit", make(0x02, octets(990)) + make(0x80, octets(11)),
          "a message of 1001 bytes is over the limit of 1000 bytes");
  too_big("a huge announcement", announced("7f ff ff ff ff ff ff ff"),
          "a frame of 9223372036854775807 bytes is over the limit of 990 bytes");
  too_big("fragments over the limit", make(0x02, octets(600)) + make(0x00, octets(401)),
          "a message of at least 1001 bytes is over the limit of 1000 bytes");
  too_big("a last fragment over the limit", make(0x02, octets(990)) + make(0x00, octets(10)) + make(0x80, octets(1)),
          "a message of 1001 bytes");
  for (const octets& payload : {octets{}, octets(1)})
    all.push_back({"too many fragments",
                   make(0x02, payload) + make(0x00, payload) + make(0x00, payload) + make(0x00, payload),
                   close_code::policy_violation, errc::too_many_fragments,
                   "a message of more than 3 fragments is over the limit"});
  return all;
}

}  // namespace

TEST_CASE("every protocol violation yields its close code, error code and reason") {
  const role self = GENERATE(role::client, role::server);
  for (const breach& b : breaches(self)) {
    CAPTURE(static_cast<int>(self), b.name, b.text);
    const std::vector<recorded_event> events = read_all(reader(options(self)), b.bytes);
    REQUIRE_FALSE(events.empty());
    const recorded_event& last = events.back();
    CHECK(last.what == event::type::violation);
    CHECK(last.code == b.code);
    CHECK(last.why == b.why);
    CHECK(last.bytes.empty());
    CHECK(last.reason.find(b.text) != std::string::npos);
    CHECK(last.reason.size() <= twinsocket::max_close_reason);
    CHECK(is_sendable(last.code));
  }
}

TEST_CASE("a protocol violation is detected for every cut position and later input is discarded") {
  const role self = GENERATE(role::client, role::server);
  for (const breach& b : breaches(self)) {
    CAPTURE(static_cast<int>(self), b.name);
    const recorded_event expected = read_all(reader(options(self)), b.bytes).back();
    const octets bytes = b.bytes + frame(self, 0x81, octets_of("more")) + octets(20, std::byte{0xff});
    for (std::size_t border = 0; border <= bytes.size(); ++border)
      REQUIRE(read_in_two(reader(options(self)), bytes, border).back() == expected);
    REQUIRE(read_bytewise(reader(options(self)), bytes).back() == expected);
  }
}

TEST_CASE("a protocol violation is reported once and at the earliest byte") {
  SECTION("a reserved opcode after the first two bytes of the header") {
    reader r(options(role::server));
    std::vector<recorded_event> events;
    feed_reader(r, hex("83"), events);
    CHECK(events.empty());
    feed_reader(r, hex("80"), events);
    CHECK(events.size() == 1);
    feed_reader(r, hex("00 00 00 00"), events);
    CHECK(events.size() == 1);
  }
  SECTION("an announced size over the limit before the payload arrives") {
    reader r(options(role::client));
    std::vector<recorded_event> events;
    feed_reader(r, hex("82 7e 03 e9"), events);
    REQUIRE(events.size() == 1);
    CHECK(events[0].code == close_code::message_too_big);
  }
  SECTION("an invalid UTF-8 byte within an incomplete frame") {
    const octets bytes = frame(role::server, 0x81, octets_of("ab\xc0 and much that never comes"));
    reader r(options(role::server));
    std::vector<recorded_event> events;
    for (std::size_t i = 0; i < 8; ++i) feed_reader(r, std::span(bytes).subspan(i, 1), events);
    CHECK(events.size() == 2);
    feed_reader(r, std::span(bytes).subspan(8, 1), events);
    REQUIRE(events.size() == 3);
    CHECK(events[2].code == close_code::invalid_payload);
  }
}

TEST_CASE("with compression negotiated RSV1 is allowed only on the first frame of a data message") {
  const role self = GENERATE(role::client, role::server);
  const auto read = [self](const octets& bytes) {
    reader_options allowing = options(self);
    allowing.allow_compressed = true;
    return read_all(reader(allowing), bytes).back();
  };
  const recorded_event fragment = read(frame(self, 0x41, octets_of("a")) + frame(self, 0xc0, octets_of("b")));
  CHECK(fragment.code == close_code::protocol_error);
  CHECK(fragment.reason == "only a message's first frame may say that it is compressed (RFC 7692 section 6.1)");
  const recorded_event control = read(frame(self, 0xc9, octets_of("a")));
  CHECK(control.code == close_code::protocol_error);
  CHECK(control.reason == "control frames may not be compressed (RFC 7692 section 6.1)");
  CHECK(read(frame(self, 0xa1, {})).code == close_code::protocol_error);
}
