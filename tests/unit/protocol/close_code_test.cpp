#include "protocol/close_code.hpp"

#include <set>
#include <string>

#include "test.hpp"

#include "protocol/wire.hpp"

using namespace wire;
using twinsocket::close_info;
using twinsocket::close_initiator;
using twinsocket::describe;

TEST_CASE("describe(close_info) gives the code, its name and the reason and explains 1006") {
  CHECK(describe(close_info{close_code::normal, "that was all", true, close_initiator::local}) ==
        "1000 (normal) that was all");
  CHECK(describe(close_info{static_cast<close_code>(4001), {}, true, close_initiator::remote}) == "4001 (application)");
  CHECK(describe(close_info()) == "1006 (the connection ended without a close frame)");
  CHECK(describe(close_info{close_code::abnormal, {}, false, close_initiator::local}) ==
        "1006 (the connection ended before the peer answered our close)");
}

TEST_CASE("an empty close payload has no status code") {
  const parsed_close parsed = parse_close({});
  CHECK(parsed.code == close_code::no_status);
  CHECK(parsed.reason.empty());
  CHECK(parsed.why == errc::ok);
}

TEST_CASE("a close payload of one byte is a protocol violation") {
  CHECK(parse_close(hex("03")).why == errc::protocol_violation);
}

TEST_CASE("a close payload is parsed into its code and reason") {
  const octets payload = hex("03 e9") + octets_of("bye \xc3\xa9");
  const parsed_close parsed = parse_close(payload);
  CHECK(parsed.why == errc::ok);
  CHECK(parsed.code == close_code::going_away);
  CHECK(parsed.reason == "bye \xc3\xa9");
}

TEST_CASE("parse_close() accepts exactly the close codes that RFC 6455, section 7.4, allows on the wire") {
  std::vector<unsigned> accepted;
  for (unsigned code = 0; code <= 0xffff; ++code) {
    const octets payload{static_cast<std::byte>(code >> 8), static_cast<std::byte>(code & 0xff)};
    const parsed_close parsed = parse_close(payload);
    REQUIRE(static_cast<unsigned>(parsed.code) == code);
    if (parsed.why == errc::ok) {
      accepted.push_back(code);
    } else {
      REQUIRE(parsed.why == errc::invalid_close_code);
    }
  }
  std::vector<unsigned> expected{1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014};
  for (unsigned code = 3000; code <= 4999; ++code) expected.push_back(code);
  CHECK(accepted == expected);
}

TEST_CASE("a close reason must be complete and valid UTF-8") {
  const auto reason = GENERATE(as<std::string>(), "\xff", "ok \xc0\x80", "cut \xe2\x82", "\xed\xa0\x80");
  CHECK(parse_close(hex("03 e8") + octets_of(reason)).why == errc::invalid_utf8);
}

TEST_CASE("a close payload round-trips") {
  const std::string reason = GENERATE(as<std::string>(), "", "x", "gr\xc3\xbc\xc3\x9f", std::string(123, 'r'));
  octets payload(max_control_payload);
  payload.resize(encode_close(close_code::try_again_later, reason, payload.data()));
  CHECK(payload.size() == 2 + reason.size());
  const parsed_close parsed = parse_close(payload);
  CHECK(parsed.code == close_code::try_again_later);
  CHECK(parsed.reason == reason);
}

TEST_CASE("close_code::no_status is encoded as an empty payload") {
  std::byte nothing{};
  CHECK(encode_close(close_code::no_status, "never sent", &nothing) == 0);
}

TEST_CASE("a close reason over 123 bytes is truncated at a character boundary") {
  const std::string character = GENERATE(as<std::string>(), "a", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80");
  for (std::size_t lead = 0; lead < 4; ++lead) {
    std::string reason(lead, '.');
    while (reason.size() < 200) reason += character;
    const std::string_view cut = truncate_reason(reason);
    CHECK(cut.size() <= twinsocket::max_close_reason);
    CHECK(cut.size() + character.size() > twinsocket::max_close_reason);
    CHECK((cut.size() - lead) % character.size() == 0);
    CHECK(reason.starts_with(cut));

    octets payload(max_control_payload);
    payload.resize(encode_close(close_code::normal, reason, payload.data()));
    CHECK(parse_close(payload).reason == cut);
  }
}

TEST_CASE("truncate_reason() returns a close reason of up to 123 bytes unchanged") {
  const std::string reason = GENERATE(as<std::string>(), "", "a", std::string(122, 'b') + "c");
  CHECK(truncate_reason(reason) == reason);
}

TEST_CASE("describe(close_code) has a name for each registered code") {
  std::set<std::string> names;
  for (const int number : {1000, 1001, 1002, 1003, 1005, 1006, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 1015}) {
    const std::string name(describe(static_cast<close_code>(number)));
    CAPTURE(number, name);
    CHECK(name != "unassigned");
    CHECK(names.insert(name).second);
  }
  CHECK(describe(static_cast<close_code>(1004)) == "unassigned");
  CHECK(describe(static_cast<close_code>(2999)) == "unassigned");
  CHECK(describe(static_cast<close_code>(3000)) == "application");
  CHECK(describe(static_cast<close_code>(5000)) == "unassigned");
}
