// The broker on a Redis Cluster: its nodes, slots that move, nodes that fail, and answers that lead nowhere.

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <functional>
#include <mutex>
#include <set>
#include <thread>

#include "test.hpp"
#include "broker_checks.hpp"
#include "redis_cluster.hpp"
#include "twinsocket/native/redis_broker.hpp"
#include "twinsocket/native/run.hpp"
#include "twinsocket/when_all.hpp"

using namespace std::chrono_literals;
using twinsocket::broker;
using twinsocket::broker_publish_options;
using twinsocket::errc;
using twinsocket::redis_broker_options;
using twinsocket::task;
using twinsocket::native::run;
namespace asio = boost::asio;

namespace {

const broker_publish_options three{.history_size = 3, .history_time = 60s};

std::shared_ptr<broker> open_broker(redis_broker_options options, const std::string& url) {
  auto made = twinsocket::redis_broker(url, std::move(options));
  if (!made.has_value()) FAIL(made.error().message());
  return std::move(*made);
}

task<std::string> published(broker& on, std::string channel, std::string bytes) {
  const auto made = co_await on.publish(std::move(channel), std::move(bytes), three);
  if (!made.has_value()) FAIL(made.error().message());
  co_return (*made)->epoch;
}

task<void> until_published(broker& on, std::string channel, std::string bytes) {
  const auto give_up = std::chrono::steady_clock::now() + 20s;
  for (;;) {
    const auto made = co_await on.publish(channel, bytes, three);
    if (made) break;
    INFO(made.error().message());
    REQUIRE(std::chrono::steady_clock::now() < give_up);
  }
}

/// Waits until the health is that. There is no event to wait for.
task<void> until_health(broker& of, bool ok) {
  const auto give_up = std::chrono::steady_clock::now() + 20s;
  while (of.health().ok != ok) {
    REQUIRE(std::chrono::steady_clock::now() < give_up);
    co_await twinsocket::sleep_for(1ms);
  }
}

/// The log of a broker, by event.
struct log_of {
  twinsocket::log_hook hook() {
    return [this](const twinsocket::log_entry& entry) { entries.emplace_back(entry.event, entry.detail); };
  }
  [[nodiscard]] std::set<std::string> of(const std::string& event) const {
    std::set<std::string> out;
    for (const auto& [name, detail] : entries)
      if (name == event) out.insert(detail);
    return out;
  }

  std::vector<std::pair<std::string, std::string>> entries;
};

/// A server that answers each command as a function says.
class scripted_server {
 public:
  using answers = std::function<std::string(const std::string& command)>;

  explicit scripted_server(answers how)
      : how_(std::move(how)), acceptor_(context_, {asio::ip::address_v4::loopback(), 0}) {
    accept();
    thread_ = std::thread([this] { context_.run(); });
  }
  ~scripted_server() {
    context_.stop();
    thread_.join();
  }
  [[nodiscard]] int port() const { return acceptor_.local_endpoint().port(); }
  [[nodiscard]] std::string url() const { return "redis://127.0.0.1:" + std::to_string(port()); }

 private:
  struct client {
    explicit client(asio::ip::tcp::socket from) : socket(std::move(from)) {}
    asio::ip::tcp::socket socket;
    twinsocket::detail::redis_parser parser;
    std::array<char, 10'000> room{};
  };

  void accept() {
    acceptor_.async_accept([this](boost::system::error_code failure, asio::ip::tcp::socket socket) {
      if (failure) return;
      read(std::make_shared<client>(std::move(socket)));
      accept();
    });
  }
  void read(const std::shared_ptr<client>& one) {
    one->socket.async_read_some(asio::buffer(one->room),
                                [this, one](boost::system::error_code failure, std::size_t size) {
                                  if (failure) return;
                                  one->parser.feed({one->room.data(), size});
                                  for (auto next = one->parser.next(); next && *next; next = one->parser.next()) {
                                    const std::string command((*next)->value()[0].text().value_or(""));
                                    boost::system::error_code ignored;
                                    asio::write(one->socket, asio::buffer(answer(command)), ignored);
                                  }
                                  read(one);
                                });
  }
  [[nodiscard]] std::string answer(const std::string& command) const {
    if (command == "PING") return "+PONG\r\n";
    if (command != "INFO") return how_(command);
    const std::string info = "# Server\r\nredis_mode:cluster\r\nrun_id:" + std::string(40, 'a') + "\r\n";
    return "$" + std::to_string(info.size()) + "\r\n" + info + "\r\n";
  }

  const answers how_;
  asio::io_context context_;
  asio::ip::tcp::acceptor acceptor_;
  std::thread thread_;
};

std::string slots_on(int port) {
  return "*1\r\n*3\r\n:0\r\n:16383\r\n*2\r\n$9\r\n127.0.0.1\r\n:" + std::to_string(port) + "\r\n";
}

}  // namespace

TEST_CASE("channels are spread over the nodes of a cluster, and a node is connected once it is needed") {
  if (!shared_cluster()) return;
  log_of log;
  auto options = shared_cluster()->quick();
  options.key_prefix = "spread:";
  options.log = log.hook();
  const auto one = open_broker(options, shared_cluster()->url(2));
  const auto other = open_broker(shared_cluster()->quick(), shared_cluster()->url(0));
  run([&]() -> task<void> {
    const auto heard = listen(*one);
    const auto port = [](std::size_t node) { return ":" + std::to_string(shared_cluster()->port(node)); };
    for (std::size_t node = 0; node < redis_cluster::masters; ++node) {
      if (node == 1) CHECK(log.of("redis connected").count("the Redis server at 127.0.0.1" + port(1)) == 0);
      const std::string channel = redis_cluster::channel_of(node, "spread");
      co_await succeeds(one->subscribe(channel));
      CHECK(shared_cluster()->command(node, {"SPUBLISH", "spread:0:{" + channel + "}", "x"}) == "1");
      static_cast<void>(co_await published(*one, channel, channel));
      co_await heard->expect(channel);
      CHECK(shared_cluster()->command(node, {"EXISTS", "spread:history:{" + channel + "}"}) == "1");
      co_await succeeds(one->unsubscribe(channel));
      co_await succeeds(one->remove(channel));
    }
    CHECK(log.of("redis connected").size() == 3);
    CHECK(log.of("redis lost").empty());
    REQUIRE(log.of("redis cluster").size() == 1);
    for (std::size_t node = 0; node < redis_cluster::masters; ++node)
      CHECK_THAT(*log.of("redis cluster").begin(), Catch::Contains("127.0.0.1" + port(node)));
    co_await succeeds(other->publish("first", "a", three));
  });
}

TEST_CASE("a slot that moves takes its subscriptions with it, and the listener is told of the gap") {
  if (!has_redis()) return;
  const bool keeps_data = GENERATE(false, true);
  auto& cluster = *shared_cluster();
  auto options = cluster.quick();
  options.key_prefix = keeps_data ? "kept:" : "moved:";
  options.restarts_keep_data = keeps_data;
  const auto one = open_broker(options, cluster.url());
  const std::string channel = redis_cluster::channel_of(0, keeps_data ? "kept" : "moved");
  const std::string stays = redis_cluster::channel_of(0, "stays");
  const std::size_t slot = redis_cluster::slot_of(channel);
  const std::string position = options.key_prefix + "position:{" + channel + "}";
  const std::string history = options.key_prefix + "history:{" + channel + "}";
  run([&]() -> task<void> {
    const auto heard = listen(*one);
    co_await succeeds(one->subscribe(channel));
    co_await succeeds(one->subscribe(stays));
    const std::string epoch = co_await published(*one, channel, "1");
    co_await heard->expect("1");
    cluster.begin_move(slot, 0, 1);
    // All keys are on the first node, then on both (TRYAGAIN), then on the second one (ASK).
    static_cast<void>(co_await published(*one, channel, "2"));
    co_await heard->expect("2");
    cluster.move_key(position, 0, 1);
    bool waits = true;
    const auto publish_third = [&]() -> task<void> {
      static_cast<void>(co_await published(*one, channel, "3"));
      waits = false;
    };
    const auto move_rest = [&]() -> task<void> {
      const auto refused = [&] {
        return cluster.command(0, {"INFO", "errorstats"}).find("TRYAGAIN") != std::string::npos;
      };
      while (!refused()) co_await twinsocket::sleep_for(1ms);
      CHECK(waits);
      cluster.move_key(history, 0, 1);
    };
    co_await twinsocket::when_all(publish_third, move_rest);
    // Nobody is subscribed there yet.
    cluster.end_move(slot, 0, 1);
    co_await heard->expect("gap");
    const std::string after = co_await published(*one, channel, "4");
    co_await heard->expect("4");
    CHECK((after == epoch) == keeps_data);
    const auto all = co_await one->history(channel, 0, 10);
    REQUIRE(all.has_value());
    CHECK(all->last.offset == (keeps_data ? 4 : 2));
    static_cast<void>(co_await published(*one, stays, "5"));
    co_await heard->expect("5");
    co_await succeeds(one->unsubscribe(channel));
    co_await succeeds(one->remove(channel));
    CHECK(one->health().ok);
  });
  cluster.begin_move(slot, 1, 0);
  cluster.end_move(slot, 1, 0);
}

TEST_CASE("a broker that does not know of a moved slot is redirected") {
  if (!has_redis()) return;
  auto& cluster = *shared_cluster();
  auto options = cluster.quick();
  options.key_prefix = "redirected:";
  const auto one = open_broker(options, cluster.url());
  const std::string channel = redis_cluster::channel_of(0, "redirected");
  const std::size_t slot = redis_cluster::slot_of(channel);
  run([&]() -> task<void> {
    const auto heard = listen(*one);
    static_cast<void>(co_await published(*one, channel, "1"));
    const auto once = redis_cluster::channel_of(2, "redirected");
    static_cast<void>(co_await published(*one, once, "1"));
    co_await succeeds(one->remove(once));
    cluster.begin_move(slot, 0, 1);
    cluster.move_key("redirected:position:{" + channel + "}", 0, 1);
    cluster.move_key("redirected:history:{" + channel + "}", 0, 1);
    cluster.end_move(slot, 0, 1);
    co_await succeeds(one->subscribe(channel));
    static_cast<void>(co_await published(*one, channel, "2"));
    co_await heard->expect("2");
    co_await succeeds(one->remove(channel));
  });
  cluster.begin_move(slot, 1, 0);
  cluster.end_move(slot, 1, 0);
}

TEST_CASE("while a master is down, its channels fail and the others go on") {
  if (!has_redis()) return;
  redis_cluster cluster;
  auto options = cluster.quick();
  options.connect_timeout = options.response_timeout = 500ms;
  const auto one = open_broker(options, cluster.url(0));
  const std::string down = redis_cluster::channel_of(1, "down");
  const std::string up = redis_cluster::channel_of(2, "up");
  run([&]() -> task<void> {
    const auto heard = listen(*one);
    co_await succeeds(one->subscribe(down));
    co_await succeeds(one->subscribe(up));
    const std::string epoch = co_await published(*one, down, "1");
    co_await heard->expect("1");
    cluster.server(1).kill();
    co_await until_health(*one, false);
    const auto refused = co_await one->publish(down, "lost", three);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error() == errc::closed);
    CHECK_THAT(refused.error().message(), Catch::Contains("127.0.0.1:" + std::to_string(cluster.port(1))));
    CHECK_THAT(one->health().detail, Catch::Contains("127.0.0.1:" + std::to_string(cluster.port(1))));
    static_cast<void>(co_await published(*one, up, "2"));
    co_await heard->expect("2");
    cluster.server(1).start();
    co_await heard->expect("gap");
    co_await until_published(*one, down, "3");
    co_await heard->expect("3");
    const auto all = co_await one->history(down, 0, 10);
    REQUIRE(all.has_value());
    CHECK(all->last.epoch != epoch);
    co_await until_health(*one, true);
  });
}

TEST_CASE("a replica that takes over begins new epochs, and the listener is told of the gap") {
  if (!has_redis()) return;
  redis_cluster cluster(1);
  log_of log;
  auto options = cluster.quick();
  options.log = log.hook();
  // The node of the URL fails.
  const auto one = open_broker(options, cluster.url(0));
  const std::string channel = redis_cluster::channel_of(0, "taken");
  run([&]() -> task<void> {
    const auto heard = listen(*one);
    co_await succeeds(one->subscribe(channel));
    const std::string epoch = co_await published(*one, channel, "1");
    co_await heard->expect("1");
    cluster.server(0).kill();
    // A call that waits for the lost master is made on the replica.
    const auto call = [&]() -> task<void> {
      co_await until_health(*one, false);
      const auto made = co_await one->publish(channel, "2", three);
      CHECK(made.has_value());
      if (made) CHECK((*made)->epoch != epoch);
    };
    const auto take_over = [&]() -> task<void> {
      co_await until_health(*one, false);
      cluster.until(3, {"CLUSTER", "FAILOVER", "TAKEOVER"}, "OK");
    };
    co_await twinsocket::when_all(call, take_over);
    delivered next = co_await heard->next();
    // The publication may be made before the subscription.
    if (next.publication.bytes == "2") next = co_await heard->next();
    CHECK(next.publication.bytes == "gap");
    const std::string after = co_await published(*one, channel, "3");
    CHECK(after != epoch);
    next = co_await heard->next();
    if (next.publication.bytes == "2") next = co_await heard->next();
    CHECK(next.publication.bytes == "3");
    co_await until_health(*one, true);
    CHECK(log.of("redis cluster").size() == 2);
  });
}

TEST_CASE("redirections that do not end are an error") {
  int port = 0;
  const scripted_server server([&](const std::string& command) -> std::string {
    const std::string address = "127.0.0.1:" + std::to_string(port) + "\r\n";
    if (command == "CLUSTER") return slots_on(port);
    if (command == "SSUBSCRIBE") return "-MOVED 1 " + address;
    if (command == "ASKING") return "+OK\r\n";
    return "-ASK 1 " + address;
  });
  port = server.port();
  log_of log;
  auto options = redis_cluster::quick();
  options.log = log.hook();
  const auto one = open_broker(options, server.url());
  run([&]() -> task<void> {
    const auto made = co_await one->publish("news", "a", three);
    REQUIRE_FALSE(made.has_value());
    CHECK(made.error() == errc::closed);
    CHECK_THAT(made.error().message(), Catch::Contains("more than 8 times, at last: ASK 1 127.0.0.1"));
    for (int i = 0; i < 2; ++i) {
      const auto subscribed = co_await one->subscribe("news");
      REQUIRE_FALSE(subscribed.has_value());
      CHECK_THAT(subscribed.error().message(), Catch::Contains("more than 8 times, at last: MOVED 1 127.0.0.1"));
    }
    // A subscription that was not made is not ended either.
    CHECK(log.of("redis lost").empty());
  });
}

TEST_CASE("a cluster that stays down is an error in the end") {
  int port = 0;
  const scripted_server server([&](const std::string& command) -> std::string {
    return command == "CLUSTER" ? slots_on(port) : "-CLUSTERDOWN The cluster is down\r\n";
  });
  port = server.port();
  auto options = redis_cluster::quick();
  options.response_timeout = 200ms;
  const auto one = open_broker(options, server.url());
  run([&]() -> task<void> {
    const auto made = co_await one->publish("news", "a", three);
    REQUIRE_FALSE(made.has_value());
    CHECK_THAT(made.error().message(), Catch::Contains("CLUSTERDOWN"));
  });
}

TEST_CASE("a cluster without slots, or with others than there are, is an error") {
  const std::string slots = GENERATE(as<std::string>(), "*0\r\n", "+OK\r\n", "-ERR no\r\n", "*1\r\n*0\r\n",
                                     "*1\r\n*3\r\n:0\r\n:16384\r\n*2\r\n$1\r\nh\r\n:1\r\n");
  const scripted_server server([&](const std::string&) { return slots; });
  auto options = redis_cluster::quick();
  options.response_timeout = 200ms;
  const auto one = open_broker(options, server.url());
  run([&]() -> task<void> {
    const auto made = co_await one->publish("news", "a", three);
    REQUIRE_FALSE(made.has_value());
    CHECK(made.error() == errc::closed);
    CHECK_FALSE(one->health().ok);
  });
}
