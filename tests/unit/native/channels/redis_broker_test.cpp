// The broker on Redis: several servers, lost connections, refused ones, and the ends of everything.

#include "twinsocket/native/redis_broker.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <optional>

#include "test.hpp"
#include "broker_checks.hpp"
#include "redis_server.hpp"
#include "twinsocket/async_event.hpp"
#include "twinsocket/native/asio.hpp"
#include "twinsocket/native/loop_thread.hpp"
#include "twinsocket/native/run.hpp"
#include "twinsocket/when_all.hpp"

using namespace std::chrono_literals;
using twinsocket::broker;
using twinsocket::broker_publish_options;
using twinsocket::errc;
using twinsocket::redis_broker;
using twinsocket::redis_broker_options;
using twinsocket::result;
using twinsocket::task;
using twinsocket::native::loop_thread;
using twinsocket::native::run;
namespace asio = boost::asio;

namespace {

const broker_publish_options three{.history_size = 3, .history_time = 60s};

std::shared_ptr<broker> open_broker(redis_broker_options options, std::string url = "redis://localhost") {
  auto made = redis_broker(std::move(url), std::move(options));
  if (!made.has_value()) FAIL(made.error().message());
  return std::move(*made);
}

redis_broker_options quick(const redis_server& server, std::string prefix = "twinsocket:") {
  auto options = server.quick();
  options.key_prefix = std::move(prefix);
  return options;
}

redis_broker_options impatient(const redis_server& server) {
  auto options = server.quick();
  options.connect_timeout = options.response_timeout = 500ms;
  return options;
}

/// Repeats a call until it succeeds.
task<void> publish_until_it_works(broker& on, std::string channel, std::string bytes) {
  const auto give_up = std::chrono::steady_clock::now() + 20s;
  for (;;) {
    const auto made = co_await on.publish(channel, bytes, three);
    if (made) break;
    REQUIRE(std::chrono::steady_clock::now() < give_up);
  }
}

task<errc> error_of_publish(broker& on) {
  const auto made = co_await on.publish("news", "a", three);
  co_return made ? errc::ok : made.error().code();
}

/// Waits until the health is that. There is no event to wait for.
task<void> until_health(broker& of, bool ok) {
  const auto give_up = std::chrono::steady_clock::now() + 20s;
  while (of.health().ok != ok) {
    REQUIRE(std::chrono::steady_clock::now() < give_up);
    co_await twinsocket::sleep_for(1ms);
  }
}

std::uint16_t free_port() {
  asio::io_context context;
  return asio::ip::tcp::acceptor(context, {asio::ip::address_v4::loopback(), 0}).local_endpoint().port();
}

/// A TCP server that sends a text to each client, and again after each read.
class answering_server {
 public:
  explicit answering_server(std::string text)
      : text_(std::move(text)), acceptor_(context_, {asio::ip::address_v4::loopback(), 0}) {
    accept();
    thread_ = std::thread([this] { context_.run(); });
  }
  ~answering_server() {
    context_.stop();
    thread_.join();
  }
  [[nodiscard]] std::string url() const {
    return "redis://:secret@127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
  }

 private:
  using socket_type = asio::ip::tcp::socket;

  void accept() {
    acceptor_.async_accept([this](boost::system::error_code failure, socket_type socket) {
      if (failure) return;
      serve(std::make_shared<socket_type>(std::move(socket)));
      accept();
    });
  }
  void serve(const std::shared_ptr<socket_type>& socket) {
    const auto room = std::make_shared<std::array<char, 1000>>();
    asio::async_write(*socket, asio::buffer(text_), [](boost::system::error_code, std::size_t) {});
    socket->async_read_some(asio::buffer(*room), [this, socket, room](boost::system::error_code failure, std::size_t) {
      if (!failure) serve(socket);
    });
  }

  const std::string text_;
  asio::io_context context_;
  asio::ip::tcp::acceptor acceptor_;
  std::thread thread_;
};

}  // namespace

TEST_CASE("publications on one server reach the listeners of all, in the same order") {
  if (!shared_redis()) return;
  const auto one = open_broker(quick(*shared_redis(), "order:"));
  const auto other = open_broker(quick(*shared_redis(), "order:"));
  run([&]() -> task<void> {
    const auto here = listen(*one);
    const auto there = listen(*other);
    co_await succeeds(one->subscribe("news"));
    co_await succeeds(other->subscribe("news"));
    for (int i = 0; i < 200; ++i)
      twinsocket::spawn([&, i]() -> task<void> {
        static_cast<void>(co_await (i % 2 ? one : other)->publish("news", std::to_string(i), three));
      });
    for (std::uint64_t i = 1; i <= 200; ++i) {
      const auto first = co_await here->next();
      const auto second = co_await there->next();
      REQUIRE(first == second);
      REQUIRE(first.publication.offset == i);
    }
  });
}

TEST_CASE("brokers of another prefix or another database share nothing") {
  if (!shared_redis()) return;
  const auto one = open_broker(quick(*shared_redis(), "apart:"));
  const auto other_prefix = open_broker(quick(*shared_redis(), "apart2:"));
  const auto other_database = open_broker(quick(*shared_redis(), "apart:"), "redis://localhost/5");
  run([&]() -> task<void> {
    const auto prefix = listen(*other_prefix);
    const auto database = listen(*other_database);
    for (broker* const b : {one.get(), other_prefix.get(), other_database.get()})
      co_await succeeds(b->subscribe("news"));
    co_await succeeds(one->publish("news", "a", three));
    for (broker* const b : {other_prefix.get(), other_database.get()}) {
      const auto made = co_await b->publish("news", "own", three);
      REQUIRE(made.has_value());
      CHECK((*made)->offset == 1);
    }
    co_await prefix->expect("own");
    co_await database->expect("own");
  });
}

TEST_CASE("a channel is delivered until its last subscription ends") {
  if (!shared_redis()) return;
  const auto one = open_broker(quick(*shared_redis(), "count:"));
  run([&]() -> task<void> {
    const auto heard = listen(*one);
    for (const char* name : {"news", "news", "end"}) co_await succeeds(one->subscribe(name));
    co_await succeeds(one->unsubscribe("news"));
    co_await succeeds(one->publish("news", "a", three));
    co_await heard->expect("a");
    co_await succeeds(one->unsubscribe("news"));
    co_await succeeds(one->unsubscribe("news"));
    co_await succeeds(one->publish("news", "b", three));
    co_await succeeds(one->publish("end", "c", three));
    co_await heard->expect("c");
    CHECK(shared_redis()->command({"PUBLISH", "count:0:{news}", "x"}) == "0");
  });
}

TEST_CASE("calls of other event loops resume there") {
  if (!shared_redis()) return;
  const auto one = open_broker(quick(*shared_redis(), "loops:"));
  const auto heard = listen(*one);
  loop_thread home;
  home.run([&]() -> task<void> { co_await succeeds(one->subscribe("news")); });
  run([&]() -> task<void> {
    const auto here = std::this_thread::get_id();
    co_await succeeds(one->publish("news", "a", three));
    CHECK(std::this_thread::get_id() == here);
    co_await heard->expect("a");
  });
}

TEST_CASE("a script that the server has forgotten is sent again") {
  if (!shared_redis()) return;
  const auto one = open_broker(quick(*shared_redis(), "scripts:"));
  run([&]() -> task<void> {
    co_await succeeds(one->publish("news", "a", three));
    CHECK(shared_redis()->command({"SCRIPT", "FLUSH"}) == "OK");
    co_await succeeds(one->publish("news", "b", three));
    const auto all = co_await one->history("news", 0, 10);
    REQUIRE(all.has_value());
    CHECK(all->publications.size() == 2);
  });
}

TEST_CASE("keys of another type are errors, and foreign messages are ignored") {
  if (!shared_redis()) return;
  auto options = quick(*shared_redis(), "types:");
  options.restarts_keep_data = true;  // So that the run is known.
  const std::string run_id(40, '0');
  const auto one = open_broker(options);
  run([&]() -> task<void> {
    const auto heard = listen(*one);
    co_await succeeds(one->publish("other", "a", three));
    for (const char* key :
         {"types:position:{news}", "types:history:{other}", "types:members:{news}", "types:key3:{few}:k"})
      CHECK(shared_redis()->command({"SET", key, "text"}) == "OK");
    co_await fails(one->publish("news", "a", three), errc::closed);
    co_await fails(one->history("news", 0, 10), errc::closed);
    co_await fails(one->publish("other", "a", three), errc::closed);
    co_await fails(one->presence("news"), errc::closed);
    co_await fails(one->add_presence("news", "a", "b", 1s), errc::closed);
    co_await fails(one->remove_presence("news", "a"), errc::closed);
    auto once = three;
    once.key = "k";
    co_await fails(one->publish("few", "a", once), errc::type_mismatch);
    CHECK(shared_redis()->command({"HSET", "types:position:{words}", "epoch", "e", "offset", "1", "run", run_id}) ==
          "3");
    CHECK(shared_redis()->command({"XADD", "types:history:{words}", "1-1", "b", "x"}) == "1-1");
    co_await fails(one->history("words", 0, 10), errc::type_mismatch);
    CHECK(one->health().ok);

    co_await succeeds(one->subscribe("fine"));
    for (const char* text : {"", "17", ":e:x", "-1:e:x", "99999999999999999999:e:x"})
      CHECK(shared_redis()->command({"PUBLISH", "types:0:{fine}", text}) == "1");
    co_await succeeds(one->publish("fine", "a", three));
    co_await heard->expect("a");
  });
}

TEST_CASE("after a server has lost its data, a channel begins a new epoch and the listener is told of the gap") {
  if (!has_redis()) return;
  redis_server server;
  const auto one = open_broker(impatient(server));
  run([&]() -> task<void> {
    const auto heard = listen(*one);
    co_await succeeds(one->subscribe("news"));
    const auto before = co_await one->publish("news", "a", three);
    REQUIRE(before.has_value());
    co_await heard->expect("a");
    server.kill();
    // One call may still be on its way when the connection is lost.
    const errc first = co_await error_of_publish(*one);
    CHECK(first == errc::closed);
    const errc second = co_await error_of_publish(*one);
    CHECK(second == errc::closed);
    CHECK_FALSE(one->health().ok);
    CHECK_THAT(one->health().detail, Catch::Contains("redis.sock"));

    server.start();
    co_await heard->expect("gap");
    co_await publish_until_it_works(*one, "news", "b");
    const auto after = co_await one->history("news", 0, 10);
    REQUIRE(after.has_value());
    CHECK(after->last.offset == 1);
    CHECK(after->last.epoch != (*before)->epoch);
    const auto again = co_await heard->next();
    CHECK(again.publication.bytes == "b");
    CHECK(again.publication.offset == 1);
    co_await until_health(*one, true);
  });
}

TEST_CASE("a server that comes back with older data begins new epochs") {
  if (!has_redis()) return;
  redis_server server;
  const auto one = open_broker(server.quick());
  run([&]() -> task<void> {
    const auto first = co_await one->publish("news", "a", three);
    REQUIRE(first.has_value());
    CHECK(server.command({"SAVE"}) == "OK");
    co_await succeeds(one->publish("news", "lost", three));
    server.kill();
    server.start();
    co_await publish_until_it_works(*one, "news", "b");
    const auto after = co_await one->history("news", 0, 10);
    REQUIRE(after.has_value());
    CHECK(after->last.epoch != (*first)->epoch);
    CHECK(after->publications == std::vector<twinsocket::broker_publication>{{1, "b"}});
  });
}

TEST_CASE("a server that keeps its data continues the epoch where its owner says so") {
  if (!has_redis()) return;
  redis_server server({"--appendonly", "yes", "--appendfsync", "always"});
  auto options = server.quick();
  options.restarts_keep_data = true;
  const auto one = open_broker(options);
  run([&]() -> task<void> {
    const auto first = co_await one->publish("news", "a", three);
    REQUIRE(first.has_value());
    server.kill();
    server.start();
    co_await publish_until_it_works(*one, "news", "b");
    const auto after = co_await one->history("news", 0, 10);
    REQUIRE(after.has_value());
    CHECK(after->last.epoch == (*first)->epoch);
    CHECK(after->publications == std::vector<twinsocket::broker_publication>{{1, "a"}, {2, "b"}});
  });
}

TEST_CASE("a call waits for a server that is not there yet") {
  if (!has_redis()) return;
  redis_server server;
  server.kill();
  const auto one = open_broker(server.quick());
  run([&]() -> task<void> {
    const auto begin = [&]() -> task<void> {
      co_await until_health(*one, false);
      server.start();
    };
    const auto call = [&]() -> task<void> { co_await succeeds(one->publish("news", "a", three)); };
    co_await twinsocket::when_all(call, begin);
    co_await until_health(*one, true);
  });
}

TEST_CASE("the number of calls that wait is limited") {
  if (!has_redis()) return;
  redis_server server;
  server.kill();
  auto options = impatient(server);
  options.max_pending = 3;
  const auto one = open_broker(options);
  run([&]() -> task<void> {
    int full = 0;
    int closed = 0;
    const auto call = [&]() -> task<void> {
      const errc code = co_await error_of_publish(*one);
      full += code == errc::queue_full;
      closed += code == errc::closed;
    };
    co_await twinsocket::when_all(call, call, call, call, call);
    CHECK(full == 2);
    CHECK(closed == 3);
  });
}

TEST_CASE("calls to a server that hangs time out, and succeed once it goes on") {
  if (!has_redis()) return;
  redis_server server;
  const auto one = open_broker(impatient(server));
  run([&]() -> task<void> {
    const auto heard = listen(*one);
    co_await succeeds(one->subscribe("news"));
    co_await succeeds(one->publish("news", "a", three));
    co_await heard->expect("a");
    server.signal(SIGSTOP);
    for (int i = 0; i < 3; ++i) {
      const errc code = co_await error_of_publish(*one);
      CHECK(code == errc::timed_out);
    }
    CHECK_FALSE(one->health().ok);
    server.signal(SIGCONT);
    co_await publish_until_it_works(*one, "news", "z");
    co_await until_health(*one, true);
    // Those that timed out may have been executed.
    auto next = co_await heard->next();
    while (next.publication.bytes != "z") next = co_await heard->next();
  });
}

TEST_CASE("a subscription whose server hangs is detected without a call") {
  if (!has_redis()) return;
  redis_server server;
  auto options = impatient(server);
  options.ping_interval = 20ms;
  const auto one = open_broker(options);
  run([&]() -> task<void> {
    const auto heard = listen(*one);
    co_await succeeds(one->subscribe("news"));
    server.signal(SIGSTOP);
    co_await until_health(*one, false);
    server.signal(SIGCONT);
    co_await heard->expect("gap");
    co_await until_health(*one, true);
  });
}

TEST_CASE("users and passwords are accepted and refused, and appear in no text") {
  if (!has_redis()) return;
  redis_server server({"--requirepass", "pa/ss:w@rd", "--user", "ann", "on", ">sesame", "~*", "&*", "+@all"});
  std::string logged;
  auto options = impatient(server);
  options.log = [&](const twinsocket::log_entry& entry) { logged += std::string(entry.detail) + "\n"; };
  for (const char* url : {"redis://:pa%2Fss%3Aw%40rd@localhost", "redis://ann:sesame@localhost"}) {
    const auto one = open_broker(server.quick(), url);
    run([&]() -> task<void> { co_await succeeds(one->subscribe("news")); });
  }
  for (const char* url : {"redis://ann:secret@localhost", "redis://:secret@localhost", "redis://localhost"}) {
    const auto one = open_broker(options, url);
    run([&]() -> task<void> {
      const auto made = co_await one->publish("news", "a", three);
      REQUIRE_FALSE(made.has_value());
      CHECK(made.error() == errc::closed);
      logged += made.error().message() + "\n" + one->health().detail;
      CHECK_FALSE(one->health().ok);
    });
  }
  CHECK_THAT(logged, Catch::Contains("refuses the user or the password: WRONGPASS"));
  CHECK_THAT(logged, Catch::Contains("NOAUTH"));
  CHECK(logged.find("secret") == std::string::npos);
}

TEST_CASE("a server is reached by TCP and by TLS, whose certificate is verified") {
  if (!has_redis()) return;
  const auto certificate = twinsocket::tls_certificate::self_signed();
  REQUIRE(certificate.has_value());
  const temporary_folder folder;
  folder.write("certificate.pem", certificate->certificate());
  folder.write("key.pem", certificate->key());
  const std::string tcp_port = std::to_string(free_port());
  const std::string tls_port = std::to_string(free_port());
  const redis_server server({"--port", tcp_port, "--tls-port", tls_port, "--tls-auth-clients", "no", "--tls-cert-file",
                             (folder.path() / "certificate.pem").string(), "--tls-key-file",
                             (folder.path() / "key.pem").string()});
  auto options = server.quick();
  options.unix_socket.clear();
  options.tls.ca_pem(certificate->certificate());
  for (const std::string& url : {"redis://127.0.0.1:" + tcp_port, "rediss://localhost:" + tls_port}) {
    const auto one = open_broker(options, url);
    run([&]() -> task<void> {
      const auto heard = listen(*one);
      co_await succeeds(one->subscribe("news"));
      const std::string large(300'000, 'x');
      co_await succeeds(one->publish("news", large, three));
      co_await heard->expect(large);
    });
  }
  options.tls = {};
  options.response_timeout = 2s;
  const auto one = open_broker(options, "rediss://localhost:" + tls_port);
  run([&]() -> task<void> {
    co_await fails(one->subscribe("news"), errc::closed);
    CHECK_THAT(one->health().detail, Catch::Contains("TLS"));
  });
}

TEST_CASE("a database that the server does not have is an error") {
  if (!shared_redis()) return;
  const auto one = open_broker(impatient(*shared_redis()), "redis://localhost/4711");
  run([&]() -> task<void> {
    const auto made = co_await one->publish("news", "a", three);
    REQUIRE_FALSE(made.has_value());
    CHECK(made.error() == errc::closed);
    CHECK_THAT(made.error().message(), Catch::Contains("refuses database 4711"));
  });
}

TEST_CASE("a server that is no Redis server is an error") {
  const std::string text = GENERATE(
      as<std::string>(), "HTTP/1.1 400 Bad Request\r\n\r\n", "+OK\r\n", "*0\r\n", "*-1\r\n",
      "*2\r\n$7\r\nmessage\r\n:1\r\n", "*3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n*3\r\n:1\r\n:1\r\n:1\r\n", "$-1\r\n",
      ":1\r\n", "*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n", "*2147483647\r\n",
      "$99999999999\r\n", "-ERR unknown command 'AUTH', with args beginning with: 'secret'\r\n");
  const answering_server server(text);
  redis_broker_options options;
  options.connect_timeout = options.response_timeout = 50ms;
  options.initial_delay = options.max_delay = 5ms;
  const auto one = open_broker(options, server.url());
  run([&]() -> task<void> {
    const auto made = co_await one->publish("news", "a", three);
    const auto subscribed = co_await one->subscribe("news");
    REQUIRE_FALSE(made.has_value());
    REQUIRE_FALSE(subscribed.has_value());
    CHECK((made.error() == errc::closed || made.error() == errc::timed_out));
    CHECK_FALSE(one->health().ok);
    CHECK((made.error().message() + one->health().detail).find("secret") == std::string::npos);
  });
}

TEST_CASE("a Redis broker may be destroyed at every stage") {
  if (!shared_redis()) return;
  SECTION("before a call") { static_cast<void>(open_broker(shared_redis()->quick())); }
  SECTION("before a call that was made begins") {
    auto one = open_broker(shared_redis()->quick());
    run([&]() -> task<void> {
      auto call = one->publish("news", "a", three);
      one.reset();
      static_cast<void>(co_await std::move(call));
    });
  }
  SECTION("while a call waits") {
    for (int turns = 0; turns < 12; ++turns) {
      auto one = open_broker(shared_redis()->quick());
      bool ended = false;
      run([&]() -> task<void> {
        const auto call = [&]() -> task<void> {
          const auto subscribed = co_await one->subscribe("news");
          CHECK((subscribed.has_value() || subscribed.error() == errc::closed));
          ended = true;
        };
        const auto destroy = [&]() -> task<void> {
          for (int i = 0; i < turns; ++i)
            co_await asio::post(twinsocket::native::current_executor(), twinsocket::native::use_task);
          one.reset();
        };
        co_await twinsocket::when_all(call, destroy);
      });
      CHECK(ended);
    }
  }
  SECTION("together with the calls that wait") {
    for (int turns = 0; turns < 12; ++turns) {
      auto one = open_broker(shared_redis()->quick());
      run([&]() -> task<void> {
        const auto call = [&]() -> task<void> { static_cast<void>(co_await one->subscribe("news")); };
        const auto turn = [&]() -> task<void> {
          for (int i = 0; i < turns; ++i)
            co_await asio::post(twinsocket::native::current_executor(), twinsocket::native::use_task);
        };
        co_await twinsocket::when_any(call, turn);
        one.reset();
      });
    }
  }
  SECTION("in the listener") {
    struct destroyer final : twinsocket::broker_listener {
      void on_publication(std::string_view, const twinsocket::broker_publication&, std::string_view) override {
        broker_to_destroy.reset();
        destroyed.set();
      }
      void on_gap(std::string_view) override {}
      std::shared_ptr<broker> broker_to_destroy;
      twinsocket::async_event destroyed;
    };
    const auto listener = std::make_shared<destroyer>();
    listener->broker_to_destroy = open_broker(shared_redis()->quick());
    run([&]() -> task<void> {
      const auto one = listener->broker_to_destroy.get();
      one->set_listener(listener);
      co_await succeeds(one->subscribe("last"));
      static_cast<void>(co_await one->publish("last", "a", three));
      co_await listener->destroyed.wait();
    });
  }
  SECTION("after its event loop has ended, when calls fail") {
    auto one = open_broker(shared_redis()->quick());
    run([&]() -> task<void> { co_await succeeds(one->subscribe("news")); });
    run([&]() -> task<void> {
      const errc code = co_await error_of_publish(*one);
      CHECK(code == errc::closed);
    });
    CHECK_FALSE(one->health().ok);
  }
  SECTION("when its event loop is destroyed without having run to its end") {
    auto one = open_broker(shared_redis()->quick());
    for (int turns = 1; turns < 12; ++turns) {
      asio::io_context context(1);
      auto another = open_broker(shared_redis()->quick());
      twinsocket::native::spawn(context,
                                [&]() -> task<void> { static_cast<void>(co_await another->subscribe("news")); });
      for (int i = 0; i < turns; ++i) context.run_one_for(1ms);
    }
  }
  SECTION("on another thread") {
    loop_thread home;
    auto one = open_broker(shared_redis()->quick());
    home.run([&]() -> task<void> { co_await succeeds(one->subscribe("news")); });
    loop_thread other;
    other.spawn([&]() -> task<void> {
      auto mine = std::move(one);
      for (int i = 0; i < 100; ++i)
        twinsocket::spawn(
            [call = std::make_shared<task<result<std::optional<twinsocket::broker_position>>>>(
                 mine->publish("news", "a", three))]() -> task<void> { static_cast<void>(co_await std::move(*call)); });
      co_return;
    });
  }
}

TEST_CASE("a broker can still be used while its event loop ends") {
  if (!shared_redis()) return;
  const auto one = open_broker(quick(*shared_redis(), "ending:"));
  bool removed = false;
  run([&]() -> task<void> {
    co_await succeeds(one->add_presence("room", "a", "b", 60s));
    twinsocket::spawn([&]() -> task<void> {
      // The task of run() has ended by then, and the broker is idle.
      for (int i = 0; i < 20; ++i)
        co_await asio::post(twinsocket::native::current_executor(), twinsocket::native::use_task);
      removed = (co_await one->remove_presence("room", "a")).has_value();
    });
  });
  CHECK(removed);
  CHECK(shared_redis()->command({"EXISTS", "ending:members:{room}"}) == "0");
}
