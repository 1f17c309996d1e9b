#pragma once

// Where the channels of several servers meet: delivers what is published, and keeps histories and presence.
//
//   channels all(memory_broker());                         // one process; nothing to install
//   channels all(redis_broker("redis://127.0.0.1:6379"));  // several servers, one room
//
// A broker knows nothing of connections. It belongs to one channels object, which subscribes it to the channels that have
// subscribers on this server.
//
// Threads: all functions may be called on any event loop. Tasks resume on the loop that awaits them.

#include "twinsocket/detail/cxx20.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "twinsocket/error.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket {
inline namespace native {

/// A place in the history of a channel. `epoch` changes when the history was lost: offsets of two epochs cannot be
/// compared.
struct broker_position {
  std::uint64_t offset = 0;  ///< Number of the publication. The first one has 1; 0 is before it.
  std::string epoch;         ///< Identifies the history. Compare it for equality only.

  friend bool operator==(const broker_position&, const broker_position&) = default;
};

/// Options of one broker::publish().
struct broker_publish_options {
  /// Number of publications that the channel keeps. 0 keeps none, and the publication has no position. Default: 0.
  std::size_t history_size = 0;
  /// How long a channel's history is kept after its last publication. Default: 5 min.
  std::chrono::milliseconds history_time = std::chrono::minutes(5);
  /// A second publication with the same key publishes nothing and returns the position of the first. Default: none.
  std::string key{};
  /// How long keys are remembered. Default: 5 min.
  std::chrono::milliseconds key_time = std::chrono::minutes(5);
};

/// A publication, as a broker keeps and delivers it.
struct broker_publication {
  std::uint64_t offset = 0;  ///< 0 if the channel keeps no history.
  std::string bytes;         ///< What was passed to broker::publish().

  friend bool operator==(const broker_publication&, const broker_publication&) = default;
};

/// What a broker keeps of a channel.
struct broker_history {
  broker_position last;                            ///< That of the newest publication; offset 0 if there is none.
  std::vector<broker_publication> publications{};  ///< The oldest first.
  /// The offset of the oldest publication that is kept; 0 if there is none.
  std::uint64_t oldest = 0;
};

/// A client that is in a channel.
struct broker_member {
  std::string client;  ///< Identifies it in the channel.
  std::string bytes;   ///< What was passed to broker::add_presence().

  friend bool operator==(const broker_member&, const broker_member&) = default;
};

/// Receives what was published. Called on any event loop, in the order of the offsets of each channel.
class broker_listener {
 public:
  virtual ~broker_listener() = default;
  /// `epoch` is that of the offset; "" if the channel keeps no history.
  virtual void on_publication(std::string_view channel, const broker_publication& one, std::string_view epoch) = 0;
  /// Publications of a channel that was subscribed may have been lost, because the connection to the broker was. Called once it
  /// is back, before what is published from then on.
  virtual void on_gap(std::string_view channel) = 0;
};

/// Whether a broker works.
struct broker_health {
  bool ok = true;        ///< False if it is known not to work.
  std::string detail{};  ///< What is wrong, for people.
};

/// The errors of all tasks: errc::closed if the broker is not reachable, errc::timed_out if it does not answer,
/// errc::invalid_argument.
class broker {
 public:
  broker() = default;
  broker(const broker&) = delete;
  broker& operator=(const broker&) = delete;
  virtual ~broker() = default;

  /// Called once, before anything else.
  virtual void set_listener(std::weak_ptr<broker_listener> to) = 0;

  /// Delivers the bytes to all servers that are subscribed to the channel. The position is empty without history.
  virtual task<result<std::optional<broker_position>>> publish(std::string channel, std::string bytes,
                                                               broker_publish_options options) = 0;
  /// From the end of the task on, publications of the channel are passed to the listener.
  virtual task<result<void>> subscribe(std::string channel) = 0;
  /// From the end of the task on, nothing of the channel is passed to the listener. Its history stays.
  virtual task<result<void>> unsubscribe(std::string channel) = 0;
  /// The publications after `since` that are kept, at most `limit`. A channel that has none gets an epoch now, so that
  /// its first publication can be recovered.
  virtual task<result<broker_history>> history(std::string channel, std::uint64_t since, std::size_t limit) = 0;

  /// Says that a client is in the channel, until it is removed or `time` has passed. Repeating it renews the time.
  virtual task<result<void>> add_presence(std::string channel, std::string client, std::string bytes,
                                          std::chrono::milliseconds time) = 0;
  /// Succeeds, too, if the client is not there.
  virtual task<result<void>> remove_presence(std::string channel, std::string client) = 0;
  /// The clients that are in the channel, on all servers, in any order.
  virtual task<result<std::vector<broker_member>>> presence(std::string channel) = 0;

  /// Forgets the history and the presence of the channel.
  virtual task<result<void>> remove(std::string channel) = 0;
  /// What is known from earlier calls; asks nothing. Callable from any thread.
  [[nodiscard]] virtual broker_health health() const = 0;
};

/// Limits of the broker in the process.
struct memory_broker_options {
  /// Channels that keep something at the same time. What exceeds it is delivered and not kept. Default: 100,000.
  std::size_t channels = 100'000;
  /// Bytes of all histories, with what they need besides. The same. Default: 256 MiB.
  std::size_t bytes = std::size_t{256} << 20;
};

/// A broker for one process. It forgets everything with it.
[[nodiscard]] std::shared_ptr<broker> memory_broker(const memory_broker_options& options = {});

}  // namespace native
}  // namespace twinsocket
