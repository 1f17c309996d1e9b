#include "twinsocket/native/typed_topics.hpp"

#include <boost/describe.hpp>

#include "test.hpp"
#include "manual_loop.hpp"
#include "recording_subscriber.hpp"

using namespace twinsocket;

namespace {

struct report {
  int degrees = 0;
};
BOOST_DESCRIBE_STRUCT(report, (), (degrees))

using texts = std::vector<std::string>;

std::string payload(const std::vector<std::string>& writes) {
  std::string all;
  for (const std::string& one : writes) all += one.substr(2);
  return all;
}

template <class F>
void run_on_loop(manual_loop& own_loop, F function) {
  {
    const detail::loop::turn turn(own_loop, own_loop.time());
    function();
  }
  own_loop.settle();
}

}  // namespace

TEST_CASE("publish() encodes a value once for each subscribed format") {
  manual_loop own_loop;
  typed_topics news;
  recording_subscriber one(own_loop), other(own_loop), third(own_loop), fourth(own_loop), plain(own_loop);
  std::vector<subscription> listening;
  run_on_loop(own_loop, [&] {
    listening.push_back(news.subscribe(one.socket, "weather", twinsocket::json));
    listening.push_back(news.subscribe(other.socket, "weather", twinsocket::json));
    listening.push_back(news.subscribe(third.socket, "weather", twinsocket::xml));
    listening.push_back(news.subscribe(fourth.socket, "weather", twinsocket::cbor));
    listening.push_back(news.subscribe(plain.socket, "weather"));
  });
  CHECK(news.subscribers("weather") == 5);
  run_on_loop(own_loop, [&] { CHECK(news.publish("weather", report{21})); });
  CHECK(payload(one.writes()) == R"({"degrees":21})");
  CHECK(payload(other.writes()) == R"({"degrees":21})");
  CHECK(payload(third.writes()) == "<report><degrees>21</degrees></report>");
  CHECK(payload(fourth.writes()) ==
        "\xA1\x67"
        "degrees\x15");
  CHECK(plain.writes().empty());
  run_on_loop(own_loop, [&] { CHECK(news.publish("weather", "as text")); });
  CHECK(payload(plain.writes()) == "as text");
  CHECK(one.writes().empty());
  run_on_loop(own_loop, [&] { listening.clear(); });
  CHECK(news.subscribers("weather") == 0);
}
