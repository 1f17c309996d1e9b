#include "protocol/deflate_negotiation.hpp"

#include "test.hpp"

// The negotiation of permessage-deflate (RFC 7692 section 7.1), without the surrounding handshake.

using namespace twinsocket::detail;
using twinsocket::errc;

namespace {

std::vector<extension> list_of(std::string_view header_value) {
  std::vector<extension> list;
  REQUIRE(parse_extensions(header_value, list));
  return list;
}

std::string text_of(const deflate_parameters& p) {
  std::string text = p.server_no_context_takeover ? "S" : "s";
  text += std::to_string(p.server_max_window_bits);
  text += p.client_no_context_takeover ? " C" : " c";
  text += std::to_string(p.client_max_window_bits);
  return text;
}

constexpr const char* pmd = "permessage-deflate";

std::string named(const std::string& parameters) {
  return parameters.empty() ? pmd : std::string(pmd).append("; ").append(parameters);
}

}  // namespace

namespace Catch {
template <>
struct StringMaker<deflate_parameters> {
  static std::string convert(const deflate_parameters& p) { return text_of(p); }
};
}  // namespace Catch

TEST_CASE("choose_deflate() accepts the first supported permessage-deflate offer and answers it") {
  struct row {
    const char* offers;
    deflate_parameters preferences;
    const char* answer;  // The parameters after the extension's name; null for none.
    deflate_parameters agreed;
  };
  const deflate_parameters all{};
  const deflate_parameters small{true, true, 10, 11};
  const auto r = GENERATE_COPY(
      row{"permessage-deflate", all, "", {false, false, 15, 15}},
      row{"permessage-deflate; client_max_window_bits", all, "", {false, false, 15, 15}},
      row{"permessage-deflate; client_max_window_bits=15", all, "", {false, false, 15, 15}},
      row{"permessage-deflate; client_max_window_bits=10", all, "client_max_window_bits=10", {false, false, 15, 10}},
      row{"permessage-deflate; client_max_window_bits=8", all, "client_max_window_bits=8", {false, false, 15, 8}},
      row{"permessage-deflate; server_max_window_bits=8", all, "server_max_window_bits=8", {false, false, 8, 15}},
      row{"permessage-deflate; server_max_window_bits=15", all, "server_max_window_bits=15", {false, false, 15, 15}},
      row{"permessage-deflate; server_max_window_bits=9", all, "server_max_window_bits=9", {false, false, 9, 15}},
      row{"permessage-deflate; server_max_window_bits=\"10\"",
          all,
          "server_max_window_bits=10",
          {false, false, 10, 15}},
      row{"permessage-deflate; server_no_context_takeover", all, "server_no_context_takeover", {true, false, 15, 15}},
      row{"permessage-deflate; client_no_context_takeover", all, "client_no_context_takeover", {false, true, 15, 15}},
      row{"permessage-deflate; client_no_context_takeover; server_no_context_takeover; client_max_window_bits; "
          "server_max_window_bits=12",
          all,
          "server_no_context_takeover; client_no_context_takeover; server_max_window_bits=12",
          {true, true, 12, 15}},
      // The server's own preferences. It may limit only a client that offers client_max_window_bits.
      row{"permessage-deflate",
          small,
          "server_no_context_takeover; client_no_context_takeover; server_max_window_bits=10",
          {true, true, 10, 15}},
      row{"permessage-deflate; client_max_window_bits",
          small,
          "server_no_context_takeover; client_no_context_takeover; server_max_window_bits=10; "
          "client_max_window_bits=11",
          {true, true, 10, 11}},
      row{"permessage-deflate; client_max_window_bits=9; server_max_window_bits=9",
          small,
          "server_no_context_takeover; client_no_context_takeover; server_max_window_bits=9; client_max_window_bits=9",
          {true, true, 9, 9}},
      row{"permessage-deflate; client_max_window_bits=15; server_max_window_bits=15",
          small,
          "server_no_context_takeover; client_no_context_takeover; server_max_window_bits=10; "
          "client_max_window_bits=11",
          {true, true, 10, 11}},
      // Later offers, and offers of other extensions.
      row{"permessage-deflate; server_max_window_bits=10, permessage-deflate",
          all,
          "server_max_window_bits=10",
          {false, false, 10, 15}},
      row{"permessage-deflate; unknown, permessage-deflate", all, "", {false, false, 15, 15}},
      row{"permessage-deflate; server_max_window_bits=7, permessage-deflate; server_max_window_bits=9",
          all,
          "server_max_window_bits=9",
          {false, false, 9, 15}},
      row{"x-webkit-deflate-frame, permessage-bzip2; a=1, permessage-deflate", all, "", {false, false, 15, 15}},
      // Offers that are ignored.
      row{"", all, nullptr, {}}, row{"foo", all, nullptr, {}}, row{"Permessage-Deflate", all, nullptr, {}},
      row{"permessage-deflate; server_max_window_bits", all, nullptr, {}},
      row{"permessage-deflate; server_max_window_bits=7", all, nullptr, {}},
      row{"permessage-deflate; server_max_window_bits=16", all, nullptr, {}},
      row{"permessage-deflate; server_max_window_bits=0", all, nullptr, {}},
      row{"permessage-deflate; server_max_window_bits=09", all, nullptr, {}},
      row{"permessage-deflate; server_max_window_bits=010", all, nullptr, {}},
      row{"permessage-deflate; server_max_window_bits=+9", all, nullptr, {}},
      row{"permessage-deflate; server_max_window_bits=-9", all, nullptr, {}},
      row{"permessage-deflate; server_max_window_bits=9.0", all, nullptr, {}},
      row{"permessage-deflate; server_max_window_bits=0x9", all, nullptr, {}},
      row{"permessage-deflate; server_max_window_bits=1e1", all, nullptr, {}},
      row{"permessage-deflate; server_max_window_bits=100", all, nullptr, {}},
      row{"permessage-deflate; server_max_window_bits=4294967305", all, nullptr, {}},
      row{"permessage-deflate; server_max_window_bits=ten", all, nullptr, {}},
      row{"permessage-deflate; client_max_window_bits=7", all, nullptr, {}},
      row{"permessage-deflate; client_max_window_bits=16", all, nullptr, {}},
      row{"permessage-deflate; client_max_window_bits=08", all, nullptr, {}},
      row{"permessage-deflate; server_no_context_takeover=1", all, nullptr, {}},
      row{"permessage-deflate; server_no_context_takeover=true", all, nullptr, {}},
      row{"permessage-deflate; client_no_context_takeover=false", all, nullptr, {}},
      row{"permessage-deflate; server_no_context_takeover; server_no_context_takeover", all, nullptr, {}},
      row{"permessage-deflate; client_no_context_takeover; client_no_context_takeover", all, nullptr, {}},
      row{"permessage-deflate; client_max_window_bits; client_max_window_bits=10", all, nullptr, {}},
      row{"permessage-deflate; server_max_window_bits=10; server_max_window_bits=10", all, nullptr, {}},
      row{"permessage-deflate; unknown", all, nullptr, {}}, row{"permessage-deflate; unknown=1", all, nullptr, {}},
      row{"permessage-deflate; Server_no_context_takeover", all, nullptr, {}});
  CAPTURE(r.offers, text_of(r.preferences));
  const auto choice = choose_deflate(list_of(r.offers), r.preferences);
  REQUIRE(choice.has_value() == (r.answer != nullptr));
  if (!choice) return;
  CHECK(choice->answer == named(r.answer));
  CHECK(choice->agreed == r.agreed);
}

TEST_CASE("deflate_offer() lists the client's preferences and always client_max_window_bits") {
  CHECK(deflate_offer({}) == named("client_max_window_bits"));
  CHECK(deflate_offer({true, true, 15, 15}) ==
        named("server_no_context_takeover; client_no_context_takeover; client_max_window_bits"));
  CHECK(deflate_offer({false, false, 9, 12}) == named("server_max_window_bits=9; client_max_window_bits=12"));
}

TEST_CASE("check_deflate() accepts every response that RFC 7692, section 7.1, allows") {
  struct row {
    deflate_parameters preferences;
    const char* answer;
    deflate_parameters agreed;
  };
  const deflate_parameters all{};
  const auto r = GENERATE_COPY(
      row{all, "permessage-deflate", {false, false, 15, 15}},
      row{all, "permessage-deflate; server_no_context_takeover", {true, false, 15, 15}},
      row{all, "permessage-deflate; client_no_context_takeover", {false, true, 15, 15}},
      row{all, "permessage-deflate; server_max_window_bits=8", {false, false, 8, 15}},
      row{all, "permessage-deflate; server_max_window_bits=15; client_max_window_bits=15", {false, false, 15, 15}},
      row{all, "permessage-deflate; client_max_window_bits=8", {false, false, 15, 8}},
      row{all, "permessage-deflate; client_max_window_bits=\"9\"", {false, false, 15, 9}},
      row{{true, false, 15, 15}, "permessage-deflate; server_no_context_takeover", {true, false, 15, 15}},
      // What the client has announced for its own messages applies whether the server repeats it or not.
      row{{false, true, 15, 15}, "permessage-deflate", {false, true, 15, 15}},
      row{{false, false, 15, 10}, "permessage-deflate", {false, false, 15, 10}},
      row{{false, false, 15, 10}, "permessage-deflate; client_max_window_bits=9", {false, false, 15, 9}},
      row{{false, false, 10, 15}, "permessage-deflate; server_max_window_bits=10", {false, false, 10, 15}},
      row{{false, false, 10, 15}, "permessage-deflate; server_max_window_bits=9", {false, false, 9, 15}});
  CAPTURE(text_of(r.preferences), r.answer);
  const auto agreed = check_deflate(list_of(r.answer), &r.preferences);
  REQUIRE(agreed.has_value());
  REQUIRE(agreed->has_value());
  CHECK(**agreed == r.agreed);
}

TEST_CASE("check_deflate() rejects responses that RFC 7692, section 7.1, does not allow and names the parameter") {
  struct row {
    deflate_parameters preferences;
    const char* answer;
    const char* reason;
  };
  const deflate_parameters all{};
  const auto r = GENERATE_COPY(
      row{all, "foo", "\"foo\", which was not offered"},
      row{all, "permessage-deflate, foo", "and \"foo\", but only one was offered"},
      row{all, "permessage-deflate, permessage-deflate", "and \"permessage-deflate\", but only one was offered"},
      row{all, "permessage-deflate; unknown", "\"unknown\" is not a parameter"},
      row{all, "permessage-deflate; unknown=1", "\"unknown=1\" is not a parameter"},
      row{all, "permessage-deflate; server_no_context_takeover=1", "\"server_no_context_takeover=1\" has a value"},
      row{all, "permessage-deflate; client_no_context_takeover=1", "\"client_no_context_takeover=1\" has a value"},
      row{all, "permessage-deflate; server_max_window_bits", "\"server_max_window_bits\" is not a number from 8 to 15"},
      row{all, "permessage-deflate; server_max_window_bits=16",
          "\"server_max_window_bits=16\" is not a number from 8 to 15"},
      row{all, "permessage-deflate; server_max_window_bits=7",
          "\"server_max_window_bits=7\" is not a number from 8 to 15"},
      row{all, "permessage-deflate; client_max_window_bits", "\"client_max_window_bits\" has no value"},
      row{all, "permessage-deflate; client_max_window_bits=09",
          "\"client_max_window_bits=09\" is not a number from 8 to 15"},
      row{all, "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
          "\"server_no_context_takeover\" occurs twice"},
      row{all, "permessage-deflate; client_max_window_bits=9; client_max_window_bits=9",
          "\"client_max_window_bits\" occurs twice"},
      row{{true, false, 15, 15}, "permessage-deflate", "\"server_no_context_takeover\" was requested and is missing"},
      row{{false, false, 10, 15}, "permessage-deflate", "\"server_max_window_bits=10\" was requested and is missing"},
      row{{false, false, 10, 15},
          "permessage-deflate; server_max_window_bits=11",
          "\"server_max_window_bits=11\" is more than the 10"},
      row{{false, false, 15, 10},
          "permessage-deflate; client_max_window_bits=11",
          "\"client_max_window_bits=11\" is more than the 10"});
  CAPTURE(text_of(r.preferences), r.answer);
  const auto agreed = check_deflate(list_of(r.answer), &r.preferences);
  REQUIRE_FALSE(agreed.has_value());
  CHECK(agreed.error() == errc::handshake_failed);
  CHECK_THAT(agreed.error().detail(), Catch::Contains(r.reason));
}

TEST_CASE("check_deflate() rejects an extension that was not offered and accepts a response without extensions") {
  const auto refused = check_deflate(list_of(pmd), nullptr);
  REQUIRE_FALSE(refused.has_value());
  CHECK_THAT(refused.error().detail(), Catch::Contains("\"permessage-deflate\", which was not offered"));
  const deflate_parameters all;
  for (const deflate_parameters* preferences : {&all, static_cast<const deflate_parameters*>(nullptr)}) {
    const auto none = check_deflate({}, preferences);
    REQUIRE(none.has_value());
    CHECK_FALSE(none->has_value());
  }
}
