#include "rounds.hpp"

#include "fail.hpp"
#include "process.hpp"

namespace bench {

rounds::rounds(const target& server, std::size_t connections, const workload& load, bool broadcast)
    : load_(load), broadcast_(broadcast), buffer_(512 * 1024) {
  peers_.reserve(connections);
  for (std::size_t i = 0; i < connections; ++i) {
    peers_.push_back({client_socket(server), reply_reader(load), load.bursts() - 1, 0, 0, false});
    peers_.back().socket.make_nonblocking();
    epoll_.add(peers_.back().socket.descriptor(), i, EPOLLIN);
  }
}

void rounds::send_burst(peer& from) {
  from.burst = (from.burst + 1) % load_.bursts();
  from.sent = 0;
  from.awaited = load_.depth();
  go_on_sending(from);
}

void rounds::go_on_sending(peer& from) {
  const std::string_view burst = load_.burst(from.burst);
  from.sent += from.socket.write(burst.substr(from.sent));
  const bool unfinished = from.sent < burst.size();
  if (unfinished == from.wants_to_write) return;
  from.wants_to_write = unfinished;
  const auto index = static_cast<std::size_t>(&from - peers_.data());
  epoll_.change(from.socket.descriptor(), index, unfinished ? EPOLLIN | EPOLLOUT : EPOLLIN);
}

std::size_t rounds::take(peer& one, bool compare) {
  const std::size_t size = one.socket.read(buffer_.data(), buffer_.size());
  bytes_ += size;
  const std::size_t ended = one.replies.read({buffer_.data(), size}, compare);
  if (broadcast_) {
    awaited_in_all_ -= ended;
    if (ended > 0 && awaited_in_all_ == 0) {
      awaited_in_all_ = load_.depth() * (peers_.size() - 1);
      send_burst(peers_.front());
    }
    return ended;
  }
  if (ended > one.awaited) fail("more messages came back than were sent");
  one.awaited -= ended;
  if (ended > 0 && one.awaited == 0) send_burst(one);
  return ended;
}

std::size_t rounds::run(double seconds, bool compare) {
  if (!started_) {
    started_ = true;
    awaited_in_all_ = load_.depth() * (peers_.size() - 1);
    for (peer& one : peers_) {
      send_burst(one);
      if (broadcast_) break;
    }
  }
  std::size_t messages = 0;
  const double end = now() + seconds;
  double last = now();
  for (double time = last; time < end; time = now()) {
    const auto ready = epoll_.wait(100);
    if (!ready.empty()) last = time;
    if (time - last > 10) fail("nothing came for 10 seconds");
    for (const epoll_event& event : ready) {
      peer& one = peers_[event.data.u64];
      if ((event.events & EPOLLOUT) != 0) go_on_sending(one);
      if ((event.events & ~std::uint32_t{EPOLLOUT}) != 0) messages += take(one, compare);
    }
  }
  return messages;
}

}  // namespace bench
