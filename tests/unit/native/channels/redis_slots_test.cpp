// The slots of a Redis Cluster and its redirections, of the right form and of every other.

#include "channels/redis_slots.hpp"

#include "test.hpp"
#include "channels/redis_names.hpp"
#include "channels/redis_run_id.hpp"

using namespace std::string_literals;
using namespace twinsocket::detail;
using twinsocket::errc;

namespace {

twinsocket::result<std::vector<redis_slot_range>> parse(std::string_view text) {
  redis_parser parser;
  parser.feed(text);
  const auto reply = parser.next();
  REQUIRE(reply.has_value());
  REQUIRE(reply->has_value());
  return to_slot_ranges((*reply)->value());
}

}  // namespace

TEST_CASE("a slot is the CRC-16 of the hash tag, which all names of a channel have in common") {
  CHECK(redis_slot("123456789") == 0x31c3);
  CHECK(redis_slot("news") == 5161);
  CHECK(redis_slot("") == 0);
  const redis_settings settings{{}, {}};
  for (const std::string& channel : {"news"s, "a}:b"s, "}"s, "}x"s, "{x} \r\n"s, "-"s, "-}{"s, ""s}) {
    const std::string tag(redis_hash_tag(channel));
    CHECK_FALSE(tag.empty());
    for (const std::string& name :
         {redis_position_key(settings, channel), redis_history_key(settings, channel),
          redis_members_key(settings, channel), redis_member_bytes_key(settings, channel),
          redis_publication_key(settings, channel, "k{1}"), redis_subscription_name(settings, channel)}) {
      const std::size_t begin = name.find('{') + 1;
      CHECK(name.substr(begin, name.find('}', begin) - begin) == tag);
    }
  }
  CHECK(redis_position_key(settings, "") != redis_position_key(settings, "-}{"));
  CHECK(redis_position_key(settings, "news") == "twinsocket:position:{news}");
}

TEST_CASE("the nodes of a cluster are those that have slots") {
  const auto ranges = parse(
      "*2\r\n*4\r\n:0\r\n:5\r\n*3\r\n$9\r\n127.0.0.1\r\n:7001\r\n$1\r\na\r\n*3\r\n$1\r\nh\r\n:1\r\n$1\r\nb\r\n"
      "*3\r\n:6\r\n:16383\r\n*4\r\n$-1\r\n:7002\r\n$1\r\nc\r\n*0\r\n");
  REQUIRE(ranges.has_value());
  REQUIRE(ranges->size() == 2);
  CHECK((*ranges)[0].first == 0);
  CHECK((*ranges)[0].last == 5);
  CHECK((*ranges)[0].master == redis_address{"127.0.0.1", 7001});
  CHECK((*ranges)[1].last == 16383);
  CHECK((*ranges)[1].master == redis_address{"", 7002});

  CHECK_THAT(parse("*0\r\n").error().message(), Catch::Contains("no node"));
  for (const char* range :
       {"+OK\r\n", "*0\r\n", "*2\r\n:0\r\n:1\r\n", "*3\r\n:2\r\n:1\r\n*2\r\n$1\r\nh\r\n:1\r\n",
        "*3\r\n:0\r\n:16384\r\n*2\r\n$1\r\nh\r\n:1\r\n", "*3\r\n:-1\r\n:1\r\n*2\r\n$1\r\nh\r\n:1\r\n",
        "*3\r\n:0\r\n:1\r\n+h\r\n", "*3\r\n:0\r\n:1\r\n*1\r\n$1\r\nh\r\n", "*3\r\n:0\r\n:1\r\n*2\r\n$1\r\nh\r\n:0\r\n",
        "*3\r\n:0\r\n:1\r\n*2\r\n$1\r\nh\r\n:65536\r\n", "*3\r\n:0\r\n:1\r\n*2\r\n$1\r\n/\r\n:1\r\n",
        "*3\r\n:0\r\n:1\r\n*2\r\n$1\r\n?\r\n:1\r\n"}) {
    INFO(range);
    const auto refused = parse("*1\r\n"s + range);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error() == errc::type_mismatch);
  }
  CHECK_FALSE(parse("+OK\r\n").has_value());
  CHECK_FALSE(parse("-ERR\r\n").has_value());
}

TEST_CASE("a redirection names a slot and a node") {
  CHECK(to_redirection("MOVED 3999 127.0.0.1:6381") == redis_redirection{false, 3999, {"127.0.0.1", 6381}});
  CHECK(to_redirection("ASK 0 ::1:65535") == redis_redirection{true, 0, {"::1", 65535}});
  CHECK(to_redirection("MOVED 16383 :1") == redis_redirection{false, 16383, {"", 1}});
  for (const char* text :
       {"", "MOVED", "MOVED ", "MOVED 1", "MOVED 1 h", "MOVED 1 h:", "MOVED 1 h:0", "MOVED 1 h:65536",
        "MOVED 16384 h:1", "MOVED -1 h:1", "MOVED x h:1", "MOVED 1 /:1", "MOVED 1 ?:1", "MOVED 1 a b:1", "MOVED 1:1",
        "MOVED 1:1 h", "ASK", "ASKED 1 h:1", "moved 1 h:1"})
    CHECK_FALSE(to_redirection(text));
}

TEST_CASE("errors that pass are told from those that stay") {
  for (const char* text : {"TRYAGAIN Multiple keys", "CLUSTERDOWN Hash slot not served", "LOADING", "MASTERDOWN x"})
    CHECK(is_temporary(text));
  for (const char* text : {"", "ERR TRYAGAIN", "TRYAGAINX", "MOVED 1 h:1", "NOSCRIPT"}) CHECK_FALSE(is_temporary(text));
}

TEST_CASE("the run of a node of a cluster takes the place of the placeholder") {
  const std::string id(40, 'a');
  CHECK(is_redis_cluster("# Server\r\nredis_mode:cluster\r\nrun_id:x\r\n"));
  CHECK(is_redis_cluster("# Server\r\nserver_mode:cluster\r\n"));
  CHECK_FALSE(is_redis_cluster("# Server\r\nredis_mode:standalone\r\n"));
  CHECK_FALSE(is_redis_cluster("-ERR"));
  const std::string before = "*2\r\n$1\r\nx\r\n";
  for (const bool in_cluster : {false, true}) {
    std::string command = before + run_argument(any_run_id, false);
    set_run(command, run_argument(id, in_cluster));
    CHECK(command == before + (in_cluster ? "$48\r\ncluster:" : "$40\r\n") + id + "\r\n");
  }
}
