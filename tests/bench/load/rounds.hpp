#pragma once

// Connections that send their burst, wait for the replies, and repeat.

#include <cstddef>
#include <vector>

#include "epoll.hpp"
#include "reply_reader.hpp"
#include "socket.hpp"
#include "workload.hpp"

namespace bench {

class rounds {
 public:
  /// Opens all connections. With `broadcast` only the first one sends, and all others receive.
  rounds(const target& server, std::size_t connections, const workload& load, bool broadcast);

  /// Runs for this long. Returns how many messages were received. A connection sends the next burst as soon as all of
  /// its burst has come back. Ends the program if nothing is received for 10 seconds.
  std::size_t run(double seconds, bool compare);
  /// Bytes received so far.
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

 private:
  struct peer {
    client_socket socket;
    reply_reader replies;
    std::size_t burst;    // which one is sent
    std::size_t sent;     // bytes of the burst
    std::size_t awaited;  // messages still to come before the next burst
    bool wants_to_write;
  };

  void send_burst(peer& from);
  void go_on_sending(peer& from);
  std::size_t take(peer& one, bool compare);

  const workload& load_;
  const bool broadcast_;
  std::size_t bytes_ = 0;
  std::size_t awaited_in_all_ = 0;  // in a broadcast
  bool started_ = false;
  epoll epoll_;
  std::vector<peer> peers_;
  std::vector<char> buffer_;
};

}  // namespace bench
