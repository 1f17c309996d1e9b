#include "twinsocket/native/typed_topics.hpp"

#include <boost/describe.hpp>

#include "manual_loop.hpp"
#include "recorded_subscriber.hpp"
#include "test.hpp"

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
void in_turn(manual_loop& home, F function) {
  {
    const detail::loop::turn turn(home, home.time());
    function();
  }
  home.settle();
}

}  // namespace

TEST_CASE("a value is published in each format that is listened to") {
  manual_loop home;
  typed_topics news;
  recorded_subscriber one(home), other(home), third(home), fourth(home), plain(home);
  std::vector<subscription> listening;
  in_turn(home, [&] {
    listening.push_back(news.subscribe(one.socket, "weather", twinsocket::json));
    listening.push_back(news.subscribe(other.socket, "weather", twinsocket::json));
    listening.push_back(news.subscribe(third.socket, "weather", twinsocket::xml));
    listening.push_back(news.subscribe(fourth.socket, "weather", twinsocket::cbor));
    listening.push_back(news.subscribe(plain.socket, "weather"));
  });
  CHECK(news.subscribers("weather") == 5);
  in_turn(home, [&] { CHECK(news.publish("weather", report{21})); });
  CHECK(payload(one.writes()) == R"({"degrees":21})");
  CHECK(payload(other.writes()) == R"({"degrees":21})");
  CHECK(payload(third.writes()) == "<report><degrees>21</degrees></report>");
  CHECK(payload(fourth.writes()) == "\xA1\x67" "degrees\x15");
  CHECK(plain.writes().empty());
  in_turn(home, [&] { CHECK(news.publish("weather", "as text")); });
  CHECK(payload(plain.writes()) == "as text");
  CHECK(one.writes().empty());
  in_turn(home, [&] { listening.clear(); });
  CHECK(news.subscribers("weather") == 0);
}
