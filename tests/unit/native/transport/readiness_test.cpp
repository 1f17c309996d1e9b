// Both kinds of connected_socket: with an epoll_set, and with Asio.

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <boost/asio/post.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "test.hpp"
#include "transport/event_loop.hpp"

using namespace twinsocket::detail;

namespace {

/// Selects the kind of connected_socket. The destructor restores the previous one.
class with_kind {
 public:
  explicit with_kind(bool portable) : before_(event_loop::portable_sockets.exchange(portable)) {}
  with_kind(const with_kind&) = delete;
  with_kind& operator=(const with_kind&) = delete;
  ~with_kind() { event_loop::portable_sockets = before_; }

 private:
  bool before_;
};

/// A connected_socket and the other end of its stream.
class end final : public readiness_listener {
 public:
  explicit end(boost::asio::io_context& context) {
    std::array<int, 2> pair{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()) == 0);
    peer = pair[1];
    descriptor = pair[0];
    auto adopted = adopt_socket(context, pair[0], "a socket of the test");
    REQUIRE(adopted.has_value());
    socket = event_loop::of(context).watch_socket(std::move(*adopted), *this);
  }
  end(const end&) = delete;
  end& operator=(const end&) = delete;
  ~end() {
    socket->close();
    end_peer();
  }

  void peer_sends(std::string_view text) const {
    REQUIRE(::send(peer, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size()));
  }
  void end_peer() {
    if (peer >= 0) ::close(std::exchange(peer, -1));
  }
  /// What receive() returns with this much room: text, "EOF", or "" if there is nothing.
  std::string receive(std::size_t room = 100) {
    std::vector<std::byte> bytes(room);
    boost::system::error_code failure;
    const std::size_t count = socket->receive(bytes, failure);
    if (failure == boost::asio::error::eof) return "EOF";
    REQUIRE((!failure || failure == boost::asio::error::would_block));
    return {reinterpret_cast<const char*>(bytes.data()), count};
  }
  /// Sends until the network accepts no more.
  void fill() {
    const std::vector<std::byte> bytes(64 * 1024);
    boost::system::error_code failure;
    while (!failure) static_cast<void>(socket->send(bytes, {}, failure));
    REQUIRE(failure == boost::asio::error::would_block);
  }
  void drain_peer() const {
    std::vector<char> bytes(1024 * 1024);
    while (::recv(peer, bytes.data(), bytes.size(), MSG_DONTWAIT) > 0) continue;
  }

  void on_readable(time_point, const boost::system::error_code& failure) override {
    CHECK_FALSE(failure);
    ++readable;
    if (then) then();
  }
  void on_writable(time_point, const boost::system::error_code& failure) override {
    CHECK_FALSE(failure);
    ++writable;
  }

  std::shared_ptr<connected_socket> socket;
  int descriptor = -1;
  int peer = -1;
  int readable = 0;
  int writable = 0;
  std::function<void()> then;
};

void poll(boost::asio::io_context& context) {
  context.restart();
  context.poll();
}

}  // namespace

TEST_CASE("wait_readable() reports once per wait") {
  const with_kind kind(GENERATE(false, true));
  boost::asio::io_context context(1);
  end one(context);
  one.peer_sends("before the first wait");
  poll(context);
  CHECK(one.readable == 0);
  one.socket->wait_readable();
  one.socket->wait_readable();
  poll(context);
  CHECK(one.readable == 1);
  CHECK(one.receive() == "before the first wait");
  one.socket->wait_readable();
  poll(context);
  CHECK(one.readable == 1);
  one.peer_sends("more");
  poll(context);
  CHECK(one.readable == 2);
  CHECK(one.receive() == "more");
  CHECK(one.receive().empty());
}

TEST_CASE("wait_readable() after a partial read reports the remaining bytes") {
  const with_kind kind(GENERATE(false, true));
  boost::asio::io_context context(1);
  end one(context);
  one.socket->wait_readable();
  one.peer_sends("abcdef");
  std::string read;
  one.then = [&] {
    read += one.receive(2);
    one.socket->wait_readable();
  };
  for (int i = 0; i < 10; ++i) poll(context);
  CHECK(read.substr(0, 6) == "abcdef");
}

TEST_CASE("data that arrives without a pending wait is reported to the next wait") {
  const with_kind kind(GENERATE(false, true));
  boost::asio::io_context context(1);
  end one(context);
  end other(context);
  other.socket->wait_readable();
  one.peer_sends("hello");
  other.peer_sends("keeps the loop running");
  poll(context);
  CHECK(other.readable == 1);
  CHECK(one.readable == 0);
  one.socket->wait_readable();
  poll(context);
  CHECK(one.readable == 1);
  CHECK(one.receive() == "hello");
}

TEST_CASE("end of stream that arrives with data is reported separately") {
  const with_kind kind(GENERATE(false, true));
  boost::asio::io_context context(1);
  end one(context);
  one.socket->wait_readable();
  one.peer_sends("the last words");
  one.end_peer();
  poll(context);
  CHECK(one.readable == 1);
  CHECK(one.receive() == "the last words");
  one.socket->wait_readable();
  poll(context);
  CHECK(one.readable == 2);
  CHECK(one.receive() == "EOF");
}

TEST_CASE("wait_writable() reports once when the socket accepts bytes again") {
  const with_kind kind(GENERATE(false, true));
  boost::asio::io_context context(1);
  end one(context);
  for (int round = 1; round <= 3; ++round) {
    one.fill();
    one.socket->wait_writable();
    poll(context);
    CHECK(one.writable == round - 1);
    one.drain_peer();
    poll(context);
    CHECK(one.writable == round);
    // Nobody waits now.
    one.fill();
    one.drain_peer();
    poll(context);
    CHECK(one.writable == round);
  }
}

TEST_CASE("all ready sockets and Asio's other handlers are served") {
  const with_kind kind(GENERATE(false, true));
  boost::asio::io_context context(1);
  std::vector<std::unique_ptr<end>> all;
  for (int i = 0; i < 300; ++i) {
    all.push_back(std::make_unique<end>(context));
    all.back()->socket->wait_readable();
    all.back()->peer_sends("x");
    // The data is never read, so the socket stays readable.
    all.back()->then = [one = all.back().get()] { one->socket->wait_readable(); };
  }
  bool posted = false;
  while (!posted || all.back()->readable == 0 || all.front()->readable < 3) {
    if (!posted && all.front()->readable != 0) boost::asio::post(context, [&] { posted = true; });
    context.run_one();
  }
  CHECK(posted);
}

TEST_CASE("a socket that another one's handler closes is not called") {
  const with_kind kind(GENERATE(false, true));
  boost::asio::io_context context(1);
  end first(context);
  end second(context);
  for (end* const one : {&first, &second}) {
    one->socket->wait_readable();
    one->peer_sends("x");
    end* const other = one == &first ? &second : &first;
    one->then = [other] { other->socket->close(); };
  }
  poll(context);
  CHECK(first.readable + second.readable == 1);
}

TEST_CASE("events of a closed socket that another process has inherited are ignored") {
  const with_kind kind(GENERATE(false, true));
  boost::asio::io_context context(1);
  end witness(context);
  witness.socket->wait_readable();
  auto first = std::make_unique<end>(context);
  const int inherited = ::dup(first->descriptor);
  const int peer = ::dup(first->peer);
  first->socket->wait_readable();
  first.reset();
  end second(context);
  second.socket->wait_readable();
  REQUIRE(::send(peer, "late", 4, MSG_NOSIGNAL) == 4);
  poll(context);
  CHECK(second.readable == 0);
  CHECK(witness.readable == 0);
  second.peer_sends("x");
  poll(context);
  CHECK(second.readable == 1);
  ::close(inherited);
  ::close(peer);
}

TEST_CASE("io_context::run() returns when no socket waits") {
  const with_kind kind(GENERATE(false, true));
  boost::asio::io_context context(1);
  end one(context);
  CHECK(context.run() == 0);  // Nothing waits.
  context.restart();
  one.socket->wait_readable();
  boost::asio::post(context, [&] { one.peer_sends("x"); });
  one.then = [&] { one.receive(); };
  CHECK(context.run() != 0);
  CHECK(one.readable == 1);
  context.restart();
  one.socket->wait_readable();
  boost::asio::post(context, [&] { one.socket->close(); });
  context.run();
  CHECK(one.readable == 1);
}

TEST_CASE("a closed socket has an empty remote address") {
  const with_kind kind(GENERATE(false, true));
  boost::asio::io_context context(1);
  end one(context);
  CHECK(one.socket->remote_address() == "unix:");
  CHECK(one.socket->local_address() == "unix:");
  one.socket->close();
  CHECK(one.socket->remote_address().empty());
}
