#include "paced.hpp"

#include <algorithm>
#include <cmath>

#include "fail.hpp"
#include "process.hpp"

namespace bench {

paced::paced(const target& server, std::size_t connections, const workload& load) : load_(load), buffer_(512 * 1024) {
  peers_.reserve(connections);
  for (std::size_t i = 0; i < connections; ++i) {
    peer& one = peers_.emplace_back(peer{client_socket(server), reply_reader(load)});
    one.socket.make_nonblocking();
    epoll_.add(one.socket.descriptor(), i, EPOLLIN);
  }
}

// All frames have the same size, and the burst repeats: a position in it follows from the number of bytes.
void paced::send(std::size_t index) {
  peer& to = peers_[index];
  const std::string_view burst = load_.burst();
  while (to.sent < to.due) {
    const std::size_t taken = to.socket.write(burst.substr(to.sent % burst.size(), to.due - to.sent));
    if (taken == 0) break;
    to.sent += taken;
  }
  const bool unfinished = to.sent < to.due;
  if (unfinished == to.wants_to_write) return;
  to.wants_to_write = unfinished;
  epoll_.change(to.socket.descriptor(), index, unfinished ? EPOLLIN | EPOLLOUT : EPOLLIN);
}

pace paced::run(double rate, double seconds, bool compare) {
  const std::size_t count = peers_.size(), frame = load_.burst().size() / load_.depth();
  const auto total = static_cast<std::size_t>(std::ceil(rate * seconds));
  pace measured;
  measured.round_trips.reserve(total);
  measured.delays.reserve(total);
  for (peer& one : peers_) one.received = 0;
  const double started = now();
  const auto due = [&](std::size_t message) { return started + static_cast<double>(message) / rate; };
  double last = started;
  while (measured.round_trips.size() < total) {
    // At most one message for each connection, so that reading does not wait for all that are overdue.
    for (std::size_t i = 0; i < count && measured.delays.size() < total; ++i) {
      const std::size_t message = measured.delays.size();
      const double time = now();
      if (time < due(message)) break;
      measured.delays.push_back(time - due(message));
      peers_[message % count].due += frame;
      send(message % count);
      if (message + 1 == total) measured.in_time = measured.round_trips.size();
    }
    for (const epoll_event& event : epoll_.wait(0)) {
      const std::size_t index = event.data.u64;
      if ((event.events & EPOLLOUT) != 0) send(index);
      if ((event.events & ~std::uint32_t{EPOLLOUT}) == 0) continue;
      peer& from = peers_[index];
      const std::size_t size = from.socket.read(buffer_.data(), buffer_.size());
      const std::size_t ended = from.replies.read({buffer_.data(), size}, compare);
      last = now();
      for (std::size_t i = 0; i < ended; ++i) {
        const std::size_t message = from.received++ * count + index;
        if (message >= measured.delays.size()) fail("more messages came back than were sent");
        measured.round_trips.push_back(last - due(message));
      }
    }
    if (now() - last > 10) fail("nothing came for 10 seconds");
  }
  return measured;
}

double percentile(std::vector<double>& values, double fraction) {
  const auto rank = static_cast<std::size_t>(std::ceil(fraction * static_cast<double>(values.size())));
  const auto place = values.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(rank, 1) - 1);
  std::nth_element(values.begin(), place, values.end());
  return *place;
}

}  // namespace bench
