#pragma once

// A client that speaks the protocol of channels message by message. Each instance is used in one native::run().

#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "test.hpp"
#include "twinsocket/any_codec.hpp"
#include "twinsocket/channel_protocol.hpp"
#include "twinsocket/connect.hpp"
#include "twinsocket/native/run.hpp"

namespace channel_test {

namespace protocol = twinsocket::channel_protocol;
using twinsocket::result;
using twinsocket::task;

[[nodiscard]] inline protocol::request subscribing(std::string channel, std::optional<protocol::position> since = {}) {
  return protocol::subscribe_request{std::move(channel), std::move(since)};
}
[[nodiscard]] inline protocol::request publishing(std::string channel, std::string text, std::string key = {}) {
  return protocol::publish_request{std::move(channel), std::move(text), {}, std::move(key)};
}

class protocol_client {
 public:
  /// Connects, and sends the ConnectRequest.
  static task<protocol_client> open(std::uint16_t port, bool use_cbor = false, std::string token = {}) {
    protocol_client made;
    const std::string name(use_cbor ? protocol::cbor_subprotocol : protocol::json_subprotocol);
    auto opened = co_await twinsocket::connect("ws://127.0.0.1:" + std::to_string(port) + "/channels",
                                               twinsocket::connect_options().subprotocol(name));
    REQUIRE(opened.has_value());
    made.socket_.emplace(std::move(*opened));
    if (use_cbor) made.codec_ = twinsocket::cbor;
    protocol::request first = protocol::connect_request{std::move(token)};
    made.greeting_ = co_await made.ask(std::move(first));
    co_return made;
  }

  [[nodiscard]] const protocol::response_value& greeting() const noexcept { return *greeting_; }
  [[nodiscard]] twinsocket::connection& socket() noexcept { return *socket_; }

  /// Sends a request and returns its response. Events that come before are kept for next_event(). Empty if the connection
  /// ends.
  task<std::optional<protocol::response_value>> ask(protocol::request what) {
    const protocol::client_message message{++last_id_, std::move(what)};
    co_await socket_->send(codec_, message);
    while (auto received = co_await socket_->receive<protocol::server_message>(codec_)) {
      if (auto* const answer = std::get_if<protocol::response>(&*received)) {
        REQUIRE(answer->id == last_id_);
        co_return std::move(answer->value);
      }
      events_.push_back(std::move(*received));
    }
    co_return std::nullopt;
  }
  task<std::optional<protocol::response_value>> subscribe(std::string channel,
                                                          std::optional<protocol::position> since = {}) {
    return ask(subscribing(std::move(channel), std::move(since)));
  }
  task<std::optional<protocol::response_value>> publish(std::string channel, std::string text, std::string key = {}) {
    return ask(publishing(std::move(channel), std::move(text), std::move(key)));
  }
  /// Checks that a request is refused.
  task<void> is_refused(protocol::request what, protocol::failure_code code) {
    const auto value = co_await ask(std::move(what));
    REQUIRE(value.has_value());
    REQUIRE(std::holds_alternative<protocol::failure>(*value));
    CHECK(std::get<protocol::failure>(*value).code == code);
  }

  /// The next event; empty if the connection ends.
  task<std::optional<protocol::server_message>> next_event() {
    if (events_.empty()) {
      auto received = co_await socket_->receive<protocol::server_message>(codec_);
      if (!received) co_return std::nullopt;
      co_return std::move(*received);
    }
    auto first = std::move(events_.front());
    events_.pop_front();
    co_return first;
  }
  /// Checks that the next event is a publication with this text.
  task<void> hears(std::string text) {
    const auto event = co_await next_event();
    REQUIRE(event.has_value());
    REQUIRE(std::holds_alternative<protocol::published>(*event));
    CHECK(std::get<protocol::published>(*event).publication.text == text);
  }

 private:
  protocol_client() = default;

  std::optional<twinsocket::connection> socket_;
  twinsocket::any_codec codec_ = twinsocket::json;
  std::uint32_t last_id_ = 0;
  std::optional<protocol::response_value> greeting_;
  std::deque<protocol::server_message> events_;
};

/// The value of a response, which has to be of this type.
template <class T>
[[nodiscard]] T expect(std::optional<protocol::response_value> value) {
  REQUIRE(value.has_value());
  if (const auto* const failure = std::get_if<protocol::failure>(&*value)) UNSCOPED_INFO(failure->reason);
  REQUIRE(std::holds_alternative<T>(*value));
  return std::get<T>(std::move(*value));
}

}  // namespace channel_test
