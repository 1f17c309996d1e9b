#pragma once

// The connected sockets of one event loop in an epoll set of its own, which Asio watches as one descriptor. A socket is
// registered once, edge-triggered. So a message costs no epoll_ctl, and one wait of Asio serves all sockets that are ready.

#include <sys/epoll.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <cstdint>
#include <vector>

#include "platform/socket_poller.hpp"
#include "transport/handler_memory.hpp"

namespace twinsocket::detail {

class epoll_socket;

class epoll_set final : public socket_poller {
 public:
  explicit epoll_set(boost::asio::io_context& context) : descriptor_(context) {}

  [[nodiscard]] std::shared_ptr<connected_socket> watch(stream_socket& socket, readiness_listener& listener) override;
  void shutdown() noexcept override;

 private:
  friend epoll_socket;

  // Events name a slot, not a socket, because they may be stale: a socket may be closed by an event before its own in the
  // same batch. And if another process has inherited the descriptor, the kernel reports events even after close().
  struct slot {
    epoll_socket* socket = nullptr;
    std::uint32_t generation = 0;
  };
  [[nodiscard]] bool open();
  [[nodiscard]] std::uint32_t take_slot();
  void free_slot(std::uint32_t index) noexcept;
  [[nodiscard]] std::uint64_t key(std::uint32_t index) const noexcept;
  [[nodiscard]] epoll_socket* find(std::uint64_t key) const noexcept;
  [[nodiscard]] bool control(int operation, int descriptor, std::uint32_t events, std::uint32_t index) const noexcept;

  void add_waiting() noexcept;
  void remove_waiting() noexcept;
  void arm() noexcept;
  void dispatch();
  void report(std::uint64_t key, std::uint32_t events, std::chrono::steady_clock::time_point now);

  boost::asio::posix::basic_stream_descriptor<boost::asio::io_context::executor_type> descriptor_;
  int set_ = -1;  // The number of descriptor_.
  handler_memory wait_memory_;
  std::vector<slot> slots_;
  std::vector<std::uint32_t> free_slots_;  // Has capacity for all slots, so that freeing cannot fail.
  std::size_t waiting_ = 0;                // Sockets that wait. Asio waits for the set while there are any.
  bool armed_ = false;
  bool dispatching_ = false;
};

}  // namespace twinsocket::detail
