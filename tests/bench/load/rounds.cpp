#include "rounds.hpp"

#include <sys/epoll.h>
#include <unistd.h>

#include <array>

#include "fail.hpp"
#include "process.hpp"

namespace bench {

rounds::rounds(const target& server, std::size_t connections, const workload& load, bool broadcast)
    : load_(load), broadcast_(broadcast), epoll_(epoll_create1(EPOLL_CLOEXEC)), buffer_(512 * 1024) {
  if (epoll_ < 0) fail("epoll_create1 failed");
  peers_.reserve(connections);
  for (std::size_t i = 0; i < connections; ++i) {
    peers_.push_back({client_socket(server), reply_reader(load), 0, 0, false});
    peers_.back().socket.make_nonblocking();
  }
  for (const peer& one : peers_) watch(one, EPOLLIN, EPOLL_CTL_ADD);
}

rounds::~rounds() { ::close(epoll_); }

void rounds::watch(const peer& one, std::uint32_t events, int operation) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = static_cast<std::uint64_t>(&one - peers_.data());
  if (epoll_ctl(epoll_, operation, one.socket.descriptor(), &event) != 0) fail("epoll_ctl failed");
}

void rounds::send_burst(peer& from) {
  from.sent = 0;
  from.awaited = load_.depth();
  go_on_sending(from);
}

void rounds::go_on_sending(peer& from) {
  from.sent += from.socket.write(load_.burst().substr(from.sent));
  const bool unfinished = from.sent < load_.burst().size();
  if (unfinished == from.wants_to_write) return;
  from.wants_to_write = unfinished;
  watch(from, unfinished ? EPOLLIN | EPOLLOUT : EPOLLIN, EPOLL_CTL_MOD);
}

std::size_t rounds::take(peer& one, bool compare) {
  const std::size_t size = one.socket.read(buffer_.data(), buffer_.size());
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
  std::array<epoll_event, 256> events;
  std::size_t messages = 0;
  const double end = now() + seconds;
  double last = now();
  for (double time = last; time < end; time = now()) {
    const int ready = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 100);
    if (ready > 0) last = time;
    if (time - last > 10) fail("nothing came for 10 seconds");
    for (int i = 0; i < ready; ++i) {
      peer& one = peers_[events[static_cast<std::size_t>(i)].data.u64];
      const std::uint32_t happened = events[static_cast<std::size_t>(i)].events;
      if ((happened & EPOLLOUT) != 0) go_on_sending(one);
      if ((happened & ~std::uint32_t{EPOLLOUT}) != 0) messages += take(one, compare);
    }
  }
  return messages;
}

}  // namespace bench
