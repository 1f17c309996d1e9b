#pragma once

// Messages at a fixed rate, whether or not earlier ones have come back: an open loop.

#include <cstddef>
#include <string_view>
#include <vector>

#include "epoll.hpp"
#include "reply_reader.hpp"
#include "socket.hpp"
#include "workload.hpp"

namespace bench {

/// All times are in seconds.
struct pace {
  /// One value per message, from when it was due to when its echo had been read. A message that is sent late, because the
  /// server or the load generator has not kept up, waits from when it was due: otherwise a stall would be counted once
  /// instead of for all messages that it delays ("coordinated omission").
  std::vector<double> round_trips;
  /// One value per message: how much later than due the load generator tried to write it.
  std::vector<double> delays;
  /// How many echoes had been read when the last message was due.
  std::size_t in_time = 0;
};

class paced {
 public:
  paced(const target& server, std::size_t connections, const workload& load);

  /// Sends `rate` messages per second for this long, evenly spaced and on the connections in turn, then waits for the
  /// remaining echoes. Uses the whole CPU: a process that sleeps is woken too late. Ends the program if nothing is received
  /// for 10 seconds.
  pace run(double rate, double seconds, bool compare);

 private:
  struct peer {
    client_socket socket;
    reply_reader replies;
    std::size_t due = 0;       // bytes of all frames that should have been sent, since the beginning
    std::size_t sent = 0;      // bytes of them that have been sent
    std::size_t received = 0;  // messages of this run
    bool wants_to_write = false;
  };

  void send(std::size_t index);

  const workload& load_;
  epoll epoll_;
  std::vector<peer> peers_;
  std::vector<char> buffer_;
};

/// The value that this fraction of the values (0 to 1) does not exceed. Reorders the values; there must be one.
double percentile(std::vector<double>& values, double fraction);

}  // namespace bench
