#pragma once

// Many connections that hear the same: each subscribes to topics, and whoever publishes to one reaches all who are there,
// on whichever thread they live.
//
//   twinsocket::topics topics;
//   server.websocket("/news/{about}", [&](connection socket, const request& asked) -> task<void> {
//     const auto listening = topics.subscribe(socket, std::string(asked.parameter("about")));
//     while (const auto message = co_await socket.receive()) topics.publish(asked.parameter("about"), message->text());
//   });
//
// A message is framed once, and compressed once for all who compress alike. What is published in one turn of an event loop
// leaves together at its end: one write to each subscriber, and one event for each other thread. To one connection it goes
// behind what the same turn sends to it alone. All subscribers of a topic get its messages in one order, whoever published
// them; those of one publisher in the order of its calls, whatever the topics.
//
// publish() and subscribers() may be called from any thread; subscribe() on the connection's own.

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "twinsocket/codec.hpp"
#include "twinsocket/connection.hpp"
#include "twinsocket/limits.hpp"
#include "twinsocket/prepared_message.hpp"
#include "twinsocket/send_options.hpp"
#include "twinsocket/send_result.hpp"

namespace twinsocket {

namespace detail {
class subscriber;
class topic_hub;
}  // namespace detail

class topic_options {
 public:
  /// How many of a topic's last messages a new subscriber gets first: 0. They are kept while it has subscribers.
  topic_options& history(std::size_t messages) { history_ = messages; return *this; }
  [[nodiscard]] std::size_t history() const noexcept { return history_; }

  /// The most bytes of messages that are kept for that, for each topic: 1 MiB.
  topic_options& history_bytes(std::size_t bytes) { history_bytes_ = bytes; return *this; }
  [[nodiscard]] std::size_t history_bytes() const noexcept { return history_bytes_; }

  /// The most bytes that may be published and not yet handed out to the subscribers of one thread: 64 MiB. A thread that is
  /// busy with something else for long would otherwise gather without end what others publish.
  topic_options& queued_bytes(std::size_t bytes) { queued_bytes_ = bytes; return *this; }
  [[nodiscard]] std::size_t queued_bytes() const noexcept { return queued_bytes_; }

 private:
  std::size_t history_ = 0;
  std::size_t history_bytes_ = 1 * mib;
  std::size_t queued_bytes_ = 64 * mib;
};

/// How one message is published.
class publish_options {
 public:
  /// Sends it to all subscribers but this connection, as who says something need not hear it.
  publish_options& except(const connection& one) { except_ = &one.state(); return *this; }
  [[nodiscard]] const detail::connection_state* except() const noexcept { return except_; }

  /// False keeps it out of the topic's history: true.
  publish_options& keep(bool on) { keep_ = on; return *this; }
  [[nodiscard]] bool keep() const noexcept { return keep_; }

 private:
  const detail::connection_state* except_ = nullptr;
  bool keep_ = true;
};

/// A connection hears a topic for as long as this lives and the connection is open. Move-only; on the connection's own
/// thread. It may outlive the topics.
class [[nodiscard]] subscription {
 public:
  subscription() noexcept;
  subscription(subscription&& other) noexcept;
  subscription& operator=(subscription&& other) noexcept;
  ~subscription();

  /// Ends it: nothing that is published from now on arrives, nor what was published in this turn.
  void reset() noexcept;
  /// False once it was reset or moved away, and once the connection has ended.
  [[nodiscard]] explicit operator bool() const noexcept;

 private:
  friend class topics;
  explicit subscription(std::unique_ptr<detail::subscriber> made) noexcept;

  std::unique_ptr<detail::subscriber> subscriber_;
};

class topics {
 public:
  explicit topics(const topic_options& options = {});
  topics(const topics&) = delete;
  topics& operator=(const topics&) = delete;
  ~topics();

  /// From now on what is published to the topic is sent to the connection. A topic is any name, and is there as long as it
  /// has subscribers. Who subscribes twice gets everything twice.
  ///
  /// `when_slow` says what becomes of messages for which the connection's outbound queue has no room, of
  /// limits::outbound_bytes or send_options::queue_limit. Nobody can wait here: unless another policy is named, a
  /// connection that does not keep up is closed with 1013 (try again later), and so knows that it has missed something.
  [[nodiscard]] subscription subscribe(connection& socket, std::string topic, send_options when_slow = {});

  /// Sends a message to all subscribers of a topic; where there are none it is lost. Refused with errc::invalid_utf8 for a
  /// text that is not UTF-8, and for all subscribers with errc::queue_full where a thread of theirs has gathered
  /// topic_options::queued_bytes. What becomes of it at each subscriber is not told.
  send_result publish(std::string_view topic, const prepared_message& message, const publish_options& options = {});
  send_result publish(std::string_view topic, std::string_view utf8, const publish_options& options = {}) {
    return publish(topic, prepared_message(utf8), options);
  }
  send_result publish(std::string_view topic, const char* utf8, const publish_options& options = {}) {
    return publish(topic, std::string_view(utf8), options);
  }
  send_result publish(std::string_view topic, std::u8string_view utf8, const publish_options& options = {}) {
    return publish(topic, prepared_message(utf8), options);
  }

  /// Encodes a value once and publishes it; refused with the codec's error where it does not encode.
  template <class Codec, class T>
    requires codec_for<Codec, T>
  send_result publish(std::string_view topic, const Codec& codec, const T& value, const publish_options& options = {}) {
    const result<message> encoded = codec.encode(value);
    return encoded ? publish(topic, prepared_message(*encoded), options) : send_result(encoded.error());
  }

  /// How many subscriptions a topic has at this moment.
  [[nodiscard]] std::size_t subscribers(std::string_view topic) const;

 private:
  std::shared_ptr<detail::topic_hub> hub_;
};

}  // namespace twinsocket
