// Replies of Redis, complete and in pieces, of the right form and of every other.

#include "channels/redis_reply.hpp"

#include "test.hpp"
#include "channels/redis_script.hpp"

using namespace std::string_literals;
using namespace twinsocket::detail;
using twinsocket::broker_position;
using twinsocket::broker_publication;
using twinsocket::errc;

namespace {

redis_reply parse(std::string_view text) {
  redis_parser parser;
  parser.feed(text);
  auto reply = parser.next();
  REQUIRE(reply.has_value());
  REQUIRE(reply->has_value());
  return std::move(**reply);
}

}  // namespace

TEST_CASE("a reply is returned once it is complete") {
  const std::string_view text = "*2\r\n$1\r\n5\r\n:7\r\n+OK\r\n";
  redis_parser parser;
  std::vector<redis_reply> replies;
  for (const char c : text) {
    parser.feed({&c, 1});
    for (auto next = parser.next(); next && *next; next = parser.next()) replies.push_back(std::move(**next));
  }
  REQUIRE(replies.size() == 2);
  REQUIRE(replies[0].value().size() == 2);
  CHECK(replies[0].value()[0].text() == "5");
  CHECK(replies[0].value()[0].number() == 5);
  CHECK(replies[0].value()[1].number() == 7);
  CHECK_FALSE(replies[0].value()[1].text());
  CHECK_FALSE(replies[0].value().text());
  CHECK(replies[1].value().text() == "OK");
  CHECK_FALSE(replies[1].value().size());
}

TEST_CASE("bytes that are no reply are an error") {
  for (const char* text : {"HTTP/1.1 400 Bad Request\r\n", "*99999999\r\n", "$-7\r\n", ":x\r\n", "\r\n\r\n"}) {
    redis_parser parser;
    parser.feed(text);
    INFO(text);
    CHECK(parser.next().error() == errc::malformed);
  }
}

TEST_CASE("values of another type are nothing") {
  for (const char* text : {"-ERR no\r\n", "$-1\r\n", "*-1\r\n", "*0\r\n", ":-1\r\n", "$0\r\n\r\n"}) {
    const redis_reply reply = parse(text);
    INFO(text);
    CHECK_FALSE(reply.value().number());
    CHECK(reply.value().error_text().has_value() == (text[0] == '-'));
    CHECK(to_position(reply.value()).error() == errc::type_mismatch);
    CHECK(to_history(reply.value()).error() == errc::type_mismatch);
    if (std::string_view(text) != "*0\r\n") CHECK(to_members(reply.value()).error() == errc::type_mismatch);
  }
}

TEST_CASE("positions, histories and presence are converted, and refused if a part has another form") {
  CHECK(*to_position(parse("*2\r\n$1\r\n7\r\n$1\r\ne\r\n").value()) == broker_position{7, "e"});
  CHECK_FALSE(*to_position(parse("*2\r\n$1\r\n0\r\n$0\r\n\r\n").value()));
  for (const char* text : {"*2\r\n$1\r\n0\r\n$1\r\ne\r\n", "*2\r\n$1\r\n7\r\n$0\r\n\r\n", "*2\r\n$-1\r\n$1\r\ne\r\n",
                           "*2\r\n$1\r\n7\r\n:1\r\n", "*2\r\n$2\r\n7x\r\n$1\r\ne\r\n"})
    CHECK(to_position(parse(text).value()).error() == errc::type_mismatch);

  const std::string head = "*4\r\n$1\r\ne\r\n$1\r\n7\r\n$3\r\n6-0\r\n";
  const auto history = to_history(parse(head + "*1\r\n*2\r\n$3\r\n7-0\r\n*2\r\n$1\r\nb\r\n$1\r\nx\r\n").value());
  REQUIRE(history.has_value());
  CHECK(history->last == broker_position{7, "e"});
  CHECK(history->oldest == 6);
  CHECK(history->publications == std::vector<broker_publication>{{7, "x"}});
  for (const char* text : {":1\r\n", "*1\r\n:1\r\n", "*1\r\n*2\r\n$3\r\n7-1\r\n*2\r\n$1\r\nb\r\n$1\r\nx\r\n",
                           "*1\r\n*2\r\n$3\r\n7-0\r\n:1\r\n", "*1\r\n*2\r\n$3\r\n7-0\r\n*1\r\n$1\r\nb\r\n",
                           "*1\r\n*2\r\n$3\r\n7-0\r\n*2\r\n$1\r\nb\r\n:1\r\n"})
    CHECK(to_history(parse(head + text).value()).error() == errc::type_mismatch);

  CHECK(to_members(parse("*2\r\n$1\r\na\r\n$1\r\nb\r\n").value())->size() == 1);
  CHECK(to_members(parse("*1\r\n$1\r\na\r\n").value()).error() == errc::type_mismatch);
  CHECK(to_members(parse("*2\r\n$1\r\na\r\n:1\r\n").value()).error() == errc::type_mismatch);
}

TEST_CASE("a published text is an offset, an epoch and the bytes") {
  CHECK(to_publication("17:e:a:b") == redis_publication{{17, "a:b"}, "e"});
  CHECK(to_publication("0::") == redis_publication{{0, ""}, ""});
  for (const char* text :
       {"", "17", "17:x", "17::x", "0:e:x", ":e:x", "-1:e:x", " 1:e:x", "1 :e:x", "99999999999999999999:e:x"})
    CHECK_FALSE(to_publication(text));
}

TEST_CASE("errors of Redis are shown without control characters, and by their code alone") {
  CHECK(redis_error_text("ERR \x1b[31m\r\n") == "ERR ?[31m??");
  CHECK(redis_error_text(std::string(1000, 'x')).size() == 200);
  CHECK(redis_error_code("WRONGPASS invalid") == "WRONGPASS");
  CHECK(redis_error_code("secret") == "an error");
}

TEST_CASE("a command is an array of strings") {
  const std::array<std::string_view, 3> arguments{"GET", std::string_view(), std::string_view("a\0\r\n", 4)};
  CHECK(redis_command_text(arguments) == "*3\r\n$3\r\nGET\r\n$0\r\n\r\n$4\r\na\0\r\n\r\n"s);
}
