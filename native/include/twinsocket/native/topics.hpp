#pragma once

// A setter and its getter take one line each.
// clang-format off

// Publish/subscribe: connections subscribe to topics, and a published message is sent to all subscribers of its topic, on
// all threads.
//
//   twinsocket::topics topics;
//   server.websocket("/news/{about}", [&](connection socket, const request& req) -> task<void> {
//     const auto listening = topics.subscribe(socket, std::string(req.parameter("about")));
//     while (const auto message = co_await socket.receive()) topics.publish(req.parameter("about"), message->text());
//   });
//
// A message is framed once, and compressed once per set of compression parameters. Messages published in one iteration of an
// event loop are delivered together at its end: one write per subscriber, and one event for each other thread. They follow
// the messages that the same iteration sends to the connection directly.
//
// Order: all subscribers of a topic receive its messages in the same order, whoever publishes them. The messages of one
// publisher arrive in the order of its calls, also across topics.
//
// Threads: publish() and subscribers() may be called from any thread, subscribe() on the connection's thread.

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

namespace twinsocket::detail {
class subscriber;
class topic_hub;
}  // namespace twinsocket::detail

namespace twinsocket {
inline namespace native {

/// Options of a topics object, for each of its topics.
class topic_options {
 public:
  /// Number of most recent messages of a topic that a new subscriber receives first. They are kept while the topic has
  /// subscribers. Default: 0.
  topic_options& history(std::size_t messages) { history_ = messages; return *this; }
  [[nodiscard]] std::size_t history() const noexcept { return history_; }

  /// Maximum size of the history, in bytes per topic. Default: 1 MiB.
  topic_options& history_bytes(std::size_t bytes) { history_bytes_ = bytes; return *this; }
  [[nodiscard]] std::size_t history_bytes() const noexcept { return history_bytes_; }

  /// Maximum number of published bytes that are queued for the subscribers of one thread. The limit bounds the memory used
  /// while that thread is blocked and others publish. Default: 64 MiB.
  topic_options& queue_bytes(std::size_t bytes) { queue_bytes_ = bytes; return *this; }
  [[nodiscard]] std::size_t queue_bytes() const noexcept { return queue_bytes_; }

 private:
  std::size_t history_ = 0;
  std::size_t history_bytes_ = 1 * mib;
  std::size_t queue_bytes_ = 64 * mib;
};

/// Options of one publish().
class publish_options {
 public:
  /// Excludes this connection, typically the sender.
  publish_options& exclude(const connection& one) { exclude_ = &one.state(); return *this; }
  [[nodiscard]] const detail::connection_state* exclude() const noexcept { return exclude_; }

  /// False keeps the message out of the topic's history. Default: true.
  publish_options& retain(bool on) { retain_ = on; return *this; }
  [[nodiscard]] bool retain() const noexcept { return retain_; }

 private:
  const detail::connection_state* exclude_ = nullptr;
  bool retain_ = true;
};

/// A connection's subscription to a topic. It lasts until this object is destroyed or the connection ends. Move-only. Use it
/// on the connection's thread. It may outlive the topics object.
class [[nodiscard]] subscription {
 public:
  subscription() noexcept;
  subscription(subscription&& other) noexcept;
  subscription& operator=(subscription&& other) noexcept;
  ~subscription();

  /// Ends the subscription. Messages published later, or in the current event loop iteration, are not delivered.
  void reset() noexcept;
  /// False once it was reset or moved from, or the connection has ended.
  [[nodiscard]] explicit operator bool() const noexcept;

 private:
  friend class topics;
  explicit subscription(std::unique_ptr<detail::subscriber> made) noexcept;

  std::unique_ptr<detail::subscriber> subscriber_;
};

/// Publishes messages to the connections that have subscribed to a topic. publish() and subscribers() may be called from any
/// thread, subscribe() on the connection's thread.
class topics {
 public:
  explicit topics(const topic_options& options = {});
  topics(const topics&) = delete;
  topics& operator=(const topics&) = delete;
  ~topics();

  /// Subscribes the connection to a topic. Any string is a topic name; a topic exists while it has subscribers. A connection
  /// that subscribes twice receives every message twice.
  ///
  /// `delivery_options` sets the policy for messages that do not fit into the connection's send queue (limits::send_queue_bytes or
  /// send_options::queue_limit). A publisher never waits. By default a slow subscriber is closed with 1013 (try again
  /// later), so that it knows that it has missed messages.
  [[nodiscard]] subscription subscribe(connection& socket, std::string topic, send_options delivery_options = {});

  /// Sends a message to all subscribers of a topic. Without subscribers it is dropped. Refused with errc::invalid_utf8 if a
  /// text is not UTF-8, and with errc::queue_full for all subscribers if one of their threads has
  /// topic_options::queue_bytes queued. Delivery to the individual subscriber is not reported.
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

  /// Encodes a value once and publishes it. Refused with the codec's error if the value cannot be encoded.
  template <class Codec, class T>
    requires codec_for<Codec, T>
  send_result publish(std::string_view topic, const Codec& codec, const T& value, const publish_options& options = {}) {
    const result<message> encoded = codec.encode(value);
    return encoded ? publish(topic, prepared_message(*encoded), options) : send_result(encoded.error());
  }

  /// Current number of subscriptions to a topic.
  [[nodiscard]] std::size_t subscribers(std::string_view topic) const;

 private:
  std::shared_ptr<detail::topic_hub> hub_;
};

}  // namespace native
}  // namespace twinsocket
