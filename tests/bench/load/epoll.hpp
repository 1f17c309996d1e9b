#pragma once

// An epoll set whose descriptors are known by an index.

#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "fail.hpp"

namespace bench {

class epoll {
 public:
  epoll() : set_(epoll_create1(EPOLL_CLOEXEC)) {
    if (set_ < 0) fail("epoll_create1 failed");
  }
  ~epoll() { ::close(set_); }
  epoll(const epoll&) = delete;
  epoll& operator=(const epoll&) = delete;

  void add(int descriptor, std::size_t index, std::uint32_t events) {
    control(EPOLL_CTL_ADD, descriptor, index, events);
  }
  void change(int descriptor, std::size_t index, std::uint32_t events) {
    control(EPOLL_CTL_MOD, descriptor, index, events);
  }

  /// Waits for at most this long. `data.u64` of an event is the index. Valid until the next call.
  std::span<const epoll_event> wait(int milliseconds) {
    const int ready = epoll_wait(set_, events_.data(), static_cast<int>(events_.size()), milliseconds);
    return {events_.data(), ready > 0 ? static_cast<std::size_t>(ready) : 0};
  }

 private:
  void control(int operation, int descriptor, std::size_t index, std::uint32_t events) {
    epoll_event event{};
    event.events = events;
    event.data.u64 = index;
    if (epoll_ctl(set_, operation, descriptor, &event) != 0) fail("epoll_ctl failed");
  }

  int set_;
  std::array<epoll_event, 256> events_{};
};

}  // namespace bench
