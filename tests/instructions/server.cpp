// Serves connections of the loopback interface on this thread, so that the instructions of one message can be counted with
// everything that is around it: readiness, socket, TLS, event loop, topics, opening handshake.
//
//   valgrind --tool=callgrind --toggle-collect='measured*' server_instructions CASE
//
// Counted is what the server does; the client is in the same program, outside of `measured`. Without an argument the program
// prints its cases and how it was built.

#include <sys/ioctl.h>
#include <sys/socket.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "cases.hpp"
#include "server/raw_client.hpp"
#include "tls/raw_tls_client.hpp"
#include "twinsocket/connection.hpp"
#include "twinsocket/native/asio.hpp"
#include "twinsocket/native/channels.hpp"
#include "twinsocket/native/serve_on.hpp"
#include "twinsocket/native/topics.hpp"

using namespace twinsocket;

namespace {

enum class activity { echo, broadcast, channels, handshake };

struct workload {
  std::string_view name;
  std::size_t size = 16;      // Payload bytes of a message.
  std::size_t in_flight = 1;  // Messages that a client sends at once.
  activity what = activity::echo;
  bool tls = false;
};

constexpr workload workloads[] = {
    {.name = "socket-16"},
    {.name = "socket-16-times-16", .in_flight = 16},
    {.name = "socket-1k", .size = 1'024},
    {.name = "tls-16", .tls = true},
    {.name = "tls-16-times-16", .in_flight = 16, .tls = true},
    {.name = "broadcast-64", .size = 64, .what = activity::broadcast},
    {.name = "channels-64", .size = 64, .what = activity::channels},
    {.name = "handshake", .what = activity::handshake},
};
constexpr int repetitions = 100;
constexpr int subscribers = 50;

/// The bytes that have arrived at a socket.
std::size_t available(int socket) {
  int size = 0;
  return ::ioctl(socket, FIONREAD, &size) == 0 ? static_cast<std::size_t>(size) : 0;
}

/// A client with an open connection to /echo or, if `target` says so, to another handler.
class client {
 public:
  virtual ~client() = default;
  virtual void send(std::string_view bytes) = 0;
  /// Removes what has arrived, and returns its size after decryption.
  virtual std::size_t take() = 0;
  [[nodiscard]] virtual int socket() const = 0;
};

class plain_client final : public client {
 public:
  plain_client(std::uint16_t port, std::string_view target, std::string_view fields) : raw_(port) {
    raw_.send(upgrade_request(target, fields));
    if (raw_.read_response().status != 101) throw std::runtime_error("the handshake was refused");
  }
  void send(std::string_view bytes) override { raw_.send(bytes); }
  std::size_t take() override {
    std::string bytes(available(raw_.socket()), '\0');
    return static_cast<std::size_t>(::recv(raw_.socket(), bytes.data(), bytes.size(), MSG_WAITALL));
  }
  [[nodiscard]] int socket() const override { return raw_.socket(); }

 private:
  raw_client raw_;
};

class tls_client final : public client {
 public:
  tls_client(std::uint16_t port, std::string_view target) : raw_(port) {
    raw_.send(upgrade_request(target));
    if (!raw_.read_header().starts_with("HTTP/1.1 101")) throw std::runtime_error("the handshake was refused");
  }
  void send(std::string_view bytes) override { raw_.send(bytes); }
  std::size_t take() override { return raw_.receive().size(); }
  [[nodiscard]] int socket() const override { return raw_.socket(); }

 private:
  raw_tls_client raw_;
};

}  // namespace

extern "C" [[gnu::noinline]] void measured(boost::asio::io_context& io) { io.poll(); }

namespace {

class measurement {
 public:
  explicit measurement(const workload& work) : work_(work), server_(options(work.tls)) {
    server_.websocket("/echo", [](connection socket) -> task<void> {
      while (auto received = co_await socket.receive()) co_await socket.send(*received);
    });
    server_.websocket("/news", [this](connection socket) -> task<void> {
      const auto listening = topics_.subscribe(socket, "news");
      while (co_await socket.receive()) continue;
    });
    if (!channels_.add("")) std::abort();
    channels_.serve(server_, "/channels");
    port_ = serve_on(server_, {&io_}).value();
  }
  ~measurement() {
    server_.stop();
    io_.run();
  }

  /// Returns the number of messages, or of handshakes, that were measured.
  std::size_t run() {
    switch (work_.what) {
      case activity::echo: return echo();
      case activity::broadcast: return broadcast();
      case activity::channels: return publications();
      case activity::handshake: return handshakes();
    }
    return 0;
  }

 private:
  static server_options options(bool tls) {
    return {.port = 0, .certificate = tls ? tls_certificate::self_signed().value() : tls_certificate()};
  }

  /// Opens a connection on a thread, because a client blocks until the server answers.
  std::unique_ptr<client> open(std::string_view target, std::string_view fields = {}) {
    auto opening = std::async(std::launch::async, [&]() -> std::unique_ptr<client> {
      if (work_.tls) return std::make_unique<tls_client>(port_, target);
      return std::make_unique<plain_client>(port_, target, fields);
    });
    while (opening.wait_for(std::chrono::milliseconds(0)) != std::future_status::ready) io_.poll();
    return opening.get();
  }

  /// Lets the server work until the client has received this many bytes.
  void receive(client& from, std::size_t size, bool counted) {
    for (std::size_t received = 0; received < size; received += from.take()) {
      while (available(from.socket()) == 0) counted ? measured(io_) : static_cast<void>(io_.poll());
    }
  }

  std::size_t echo() {
    const auto from = open("/echo");
    const std::string message = client_frame(2, std::string(work_.size, 'x'));
    const std::size_t reply = (work_.size + (work_.size < 126 ? 2 : 4)) * work_.in_flight;
    std::string burst;
    for (std::size_t i = 0; i < work_.in_flight; ++i) burst += message;
    for (int i = -10; i < repetitions; ++i) {
      from->send(burst);
      receive(*from, reply, i >= 0);
    }
    return repetitions * work_.in_flight;
  }

  std::size_t broadcast() {
    std::vector<std::unique_ptr<client>> all;
    for (int i = 0; i < subscribers; ++i) all.push_back(open("/news"));
    while (topics_.subscribers("news") < subscribers) io_.poll();
    const std::string text(work_.size, 'x');
    for (int i = -10; i < repetitions; ++i) {
      boost::asio::post(io_, [&] { topics_.publish("news", text); });
      for (const auto& one : all) receive(*one, work_.size + 2, i >= 0);
    }
    return repetitions * subscribers;
  }

  /// The same, to the subscribers of a channel. What is sent is larger: it names the channel.
  std::size_t publications() {
    std::vector<std::unique_ptr<client>> all;
    for (int i = 0; i < subscribers; ++i) {
      all.push_back(open("/channels", "Sec-WebSocket-Protocol: twinsocket.channels.json\r\n"));
      all.back()->send(client_text(R"({"id":1,"request":{"ConnectRequest":{}}})"));
      receive(*all.back(), 1, false);
      all.back()->send(client_text(R"({"id":2,"request":{"SubscribeRequest":{"channel":"news"}}})"));
      receive(*all.back(), 1, false);
    }
    const std::string text(work_.size, 'x');
    for (int i = -10; i < repetitions; ++i) {
      spawn(io_, [&]() -> task<void> {
        const auto sent = co_await channels_.publish("news", text);
        if (!sent) std::abort();
      });
      // A publication is one frame of more bytes than its text, and comes as a whole.
      for (const auto& one : all) receive(*one, work_.size + 2, i >= 0);
    }
    return repetitions * subscribers;
  }

  std::size_t handshakes() {
    const std::string request = upgrade_request("/echo");
    for (int i = -10; i < repetitions; ++i) {
      raw_client from(port_);
      from.send(request);
      while (available(from.socket()) == 0) i < 0 ? static_cast<void>(io_.poll()) : measured(io_);
      if (from.read_response().status != 101) throw std::runtime_error("the handshake was refused");
    }
    return repetitions;
  }

  const workload& work_;
  boost::asio::io_context io_{1};
  topics topics_;
  channels channels_;
  server server_;
  std::uint16_t port_ = 0;
};

}  // namespace

int main(int count, char** words) {
  if (count != 2) return print_cases(workloads), 0;
  const workload* const work = find_case(workloads, words[1]);
  if (!work) return 1;
  std::printf("%zu\n", measurement(*work).run());
  return 0;
}
