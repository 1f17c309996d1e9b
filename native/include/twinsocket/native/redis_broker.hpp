#pragma once

// The broker for several servers: Redis 7 or later, or Valkey, as a single server or as a cluster.
//
//   auto shared = redis_broker("redis://user:password@127.0.0.1:6379/0");
//   if (!shared) return shared.error();
//   channels all(std::move(*shared));
//
// Commands use one connection and subscriptions a second one. Both are opened by the first call that needs them, on the event
// loop that makes it, and belong to that loop from then on. They keep it running until the broker is destroyed, a server that
// runs the loop stops, or native::run() ends. Calls from other loops are passed to it and resume on their own. Once that loop has
// ended, all calls fail with errc::closed.
//
// A lost connection is opened again, after delays that grow. Then its channels are subscribed again, and
// broker_listener::on_gap() is called for each. Until then calls wait, at most for `response_timeout`.
//
// A call fails with
//   errc::closed      if the server cannot be reached, refuses the password, or answers with an error;
//   errc::timed_out   if it does not answer in time. A publication may have been made nevertheless: use a key to repeat it;
//   errc::queue_full  if `max_pending` calls wait;
//   errc::type_mismatch  if an answer is not what the command returns, because something else uses the same keys.
//
// Cluster: the URL is that of any node. It is asked for the others when the broker connects to it; any node is asked when a
// connection is lost or a slot has moved. Each master that has the slot of a channel in use gets two connections. Keys are
// named PREFIX, KIND, ":{CHANNEL}", so that those of a channel are in one slot. Subscriptions are sharded (SSUBSCRIBE) and have
// that slot, too. MOVED and ASK are followed up to 8 times in a call. While a cluster answers TRYAGAIN or CLUSTERDOWN a call
// is repeated, at most for `response_timeout`.
//
// Replication is asynchronous: a replica that takes over may lack publications that were acknowledged. So a channel begins a
// new epoch on each node that its slot comes to, also if the slot is moved on purpose, and on_gap() is called: clients are told
// that they cannot recover. While a slot is moved, publications without history may not be delivered. One loss is not
// detected: a master that was replaced and takes over again, without having been started again, continues the epoch of a
// channel that nobody used in between.

#include "twinsocket/detail/cxx20.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include "twinsocket/error.hpp"
#include "twinsocket/log.hpp"
#include "twinsocket/native/broker.hpp"
#include "twinsocket/native/tls.hpp"

namespace twinsocket {
inline namespace native {

/// Options of redis_broker(). An aggregate.
struct redis_broker_options {
  /// Begins the names of all keys and subscriptions. Must not contain "{". Default: "twinsocket:".
  std::string key_prefix = "twinsocket:";
  /// From the resolution of the host's name until TLS is established. Default: 5 s.
  std::chrono::milliseconds connect_timeout = std::chrono::seconds(5);
  /// How long a call waits for the connection and for the answer. A server that does not answer in this time counts as lost.
  /// Default: 5 s.
  std::chrono::milliseconds response_timeout = std::chrono::seconds(5);
  /// Number of commands that wait for a connection or for an answer; in a cluster for each node. Default: 10,000.
  std::size_t max_pending = 10'000;
  /// How long the position of a channel is kept after it was used last; at least as long as its history. Then the channel
  /// starts again in a new epoch. Default: 7 days.
  std::chrono::milliseconds position_time = std::chrono::hours(24 * 7);
  /// A Redis that is started again may have lost its newest publications, and a replica that takes over never had them: so all
  /// channels begin new epochs, and clients are told that they cannot recover. true continues the epochs, for a Redis that writes
  /// everything before it answers ("appendonly yes", "appendfsync always") and has no replica that takes over. Then a slot of
  /// a cluster can also be moved without a loss. Must be the same in all servers. Default: false.
  bool restarts_keep_data = false;
  /// Upper bound of the first random delay before another attempt to connect. Each bound is twice the previous one. Default:
  /// 100 ms.
  std::chrono::milliseconds initial_delay = std::chrono::milliseconds(100);
  /// Upper bound of every delay. Default: 5 s.
  std::chrono::milliseconds max_delay = std::chrono::seconds(5);
  /// A connection on which nothing was received for this long is tested with PING. Default: 15 s.
  std::chrono::milliseconds ping_interval = std::chrono::seconds(15);
  /// For rediss://.
  tls_options tls{};
  /// Path of a Unix-domain socket. The URL's host and port are not used then. The other nodes of a cluster are reached by TCP.
  /// Default: none.
  std::string unix_socket{};
  /// Log callback. The events are "redis connected", "redis lost", and "redis cluster" with the masters when they have changed.
  /// Called on the broker's event loop. Default: none.
  log_hook log{};
};

/// `url` is redis://[user:password@]host[:port][/database], or rediss:// for TLS. The user may be empty; user and password are
/// percent-decoded. Default: port 6379, database 0, which is the only one of a cluster. Does not connect. Fails with
/// errc::invalid_argument, whose text does not contain the URL, or errc::unsupported if the library was built without hiredis.
[[nodiscard]] result<std::shared_ptr<broker>> redis_broker(std::string url, redis_broker_options options = {});

}  // namespace native
}  // namespace twinsocket
