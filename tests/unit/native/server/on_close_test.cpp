#include "twinsocket/native/on_close.hpp"

#include "test.hpp"
#include <future>
#include <string>

#include "raw_client.hpp"
#include "running_server.hpp"

using namespace twinsocket;

namespace {

// A server whose handler sets a close hook and reports how the connection closed.
class hooked_server {
 public:
  explicit hooked_server(std::function<void(connection&, const close_info&)> hook)
      : hook_(std::move(hook)), server_([this](server& to) {
          to.websocket("/", [this](connection socket) -> task<void> {
            on_close(socket, [this, &socket](const close_info& peer) { hook_(socket, peer); });
            while (auto message = co_await socket.receive()) {
              if (message->text() == "close") socket.close(close_code(4002), "first");
            }
            ended_.set_value(co_await socket.closed());
          });
        }) {}

  [[nodiscard]] raw_client open() const { return open_websocket(server_.port(), "/"); }
  [[nodiscard]] close_info ended() { return ended_.get_future().get(); }

 private:
  std::function<void(connection&, const close_info&)> hook_;
  std::promise<close_info> ended_;
  running_server server_;
};

std::string peer_close(int code, const std::string& reason) {
  std::string payload{static_cast<char>(code / 256), static_cast<char>(code % 256)};
  return client_frame(8, payload + reason);
}

}  // namespace

TEST_CASE("messages sent in on_close() precede the answer to the peer's close frame") {
  std::string told;
  hooked_server s([&](connection& socket, const close_info& peer) {
    told += std::to_string(static_cast<int>(peer.code)) + " " + peer.reason + (socket.is_open() ? " open" : "") + ".";
    static_cast<void>(socket.try_send("last words"));
  });
  raw_client client = s.open();
  client.send(client_text("hello") + peer_close(4001, "bye") + peer_close(4001, "again"));
  CHECK(client.read_frame().payload == "last words");
  const raw_frame answer = client.read_frame();
  CHECK(answer.close_code() == 4001);
  CHECK(answer.payload.substr(2) == "bye");
  CHECK(client.ended());
  const close_info end = s.ended();
  CHECK(end.clean);
  CHECK(end.code == close_code(4001));
  CHECK(end.initiator == close_initiator::remote);
  CHECK(told == "4001 bye open.");
}

TEST_CASE("close() in on_close() sets the answered code and closed() keeps the peer's") {
  hooked_server s([](connection& socket, const close_info&) { socket.close(close_code(4003), "and you"); });
  raw_client client = s.open();
  client.send(client_close(1000));
  const raw_frame answer = client.read_frame();
  CHECK(answer.close_code() == 4003);
  CHECK(answer.payload.substr(2) == "and you");
  CHECK(client.ended());
  const close_info end = s.ended();
  CHECK(end.clean);
  CHECK(end.is(close_code::normal));
  CHECK(end.initiator == close_initiator::remote);
}

TEST_CASE("on_close() receives 1005 for a close frame without a code") {
  std::promise<close_code> told;
  hooked_server s([&](connection&, const close_info& peer) { told.set_value(peer.code); });
  raw_client client = s.open();
  client.send(client_frame(8, ""));
  CHECK(client.read_frame().payload.empty());
  CHECK(told.get_future().get() == close_code::no_status);
}

TEST_CASE("on_close() is not called after a local close and may abort the connection") {
  int called = 0;
  {
    hooked_server s([&](connection& socket, const close_info&) {
      ++called;
      socket.abort();
    });
    {
      raw_client client = s.open();
      client.send(client_text("close"));
      CHECK(client.read_frame().close_code() == 4002);
      client.send(client_close(4002));
      CHECK(client.ended());
      CHECK(s.ended().initiator == close_initiator::local);
    }
  }
  CHECK(called == 0);
  hooked_server s([](connection& socket, const close_info&) { socket.abort(); });
  raw_client client = s.open();
  client.send(client_close(1000));
  CHECK(client.ended());
  CHECK(s.ended().is(close_code::abnormal));
}
