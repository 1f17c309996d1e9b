#include "platform/epoll_set_linux.hpp"

#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/error.hpp>
#include <cerrno>
#include <utility>

#include "attempt.hpp"
#include "platform/last_error_posix.hpp"

namespace twinsocket::detail {

namespace {

// Sockets that are served before Asio's other handlers have their turn.
constexpr std::size_t batch_size = 128;
// The clock is read once for this many sockets.
constexpr int sockets_per_clock_reading = 16;

}  // namespace

class epoll_socket final : public connected_socket {
 public:
  epoll_socket(epoll_set& set, std::uint32_t slot, int descriptor, readiness_listener& listener) noexcept
      : set_(set), listener_(listener), descriptor_(descriptor), slot_(slot) {}
  ~epoll_socket() override { close(); }

  std::size_t receive(std::span<std::byte> room, boost::system::error_code& failure) override {
    ssize_t count = 0;
    do count = ::recv(descriptor_, room.data(), room.size(), MSG_DONTWAIT);
    while (count < 0 && errno == EINTR);
    if (count > 0) {
      // There is an event when more arrives. The end of the stream has already been reported, so it is read right away.
      drained_ = static_cast<std::size_t>(count) < room.size() && !ended_;
      return static_cast<std::size_t>(count);
    }
    failure = count == 0 ? boost::asio::error::eof : last_error();
    drained_ = failure == boost::asio::error::would_block;
    return 0;
  }

  std::size_t send(std::span<const std::byte> head, std::span<const std::byte> body,
                   boost::system::error_code& failure) override {
    ssize_t count = 0;
    do
      count = body.empty() ? ::send(descriptor_, head.data(), head.size(), MSG_DONTWAIT | MSG_NOSIGNAL)
                           : send_both(head, body);
    while (count < 0 && errno == EINTR);
    if (count >= 0) return static_cast<std::size_t>(count);
    failure = last_error();
    return 0;
  }

  void wait_readable() override {
    if (waits_to_read_) return;
    wait(waits_to_read_);
    // Edge-triggered: there may be no other event for what is there already. This queues one if there is something.
    if (!drained_) modify();
  }

  void wait_writable() override {
    if (waits_to_write_) return;
    wait(waits_to_write_);
    if ((interest_ & EPOLLOUT) != 0) return;
    interest_ |= EPOLLOUT;
    modify();
  }

  void close() override {
    if (descriptor_ < 0) return;
    ended_waiting(waits_to_read_);
    ended_waiting(waits_to_write_);
    set_.free_slot(slot_);
    ::close(std::exchange(descriptor_, -1));
  }

  void shutdown_send() noexcept override { ::shutdown(descriptor_, SHUT_WR); }

  std::string remote_address() const override { return address(::getpeername); }
  std::string local_address() const override { return address(::getsockname); }

 private:
  friend epoll_set;

  static constexpr std::uint32_t hangup = EPOLLRDHUP | EPOLLHUP | EPOLLERR;
  static constexpr std::uint32_t always = EPOLLIN | EPOLLRDHUP | EPOLLET;

  template <class Get>
  std::string address(Get get) const {
    stream_socket::endpoint_type endpoint;
    auto size = static_cast<socklen_t>(endpoint.capacity());
    if (get(descriptor_, endpoint.data(), &size) != 0) return {};
    endpoint.resize(size);
    return text_of(endpoint);
  }

  ssize_t send_both(std::span<const std::byte> head, std::span<const std::byte> body) const noexcept {
    std::array<iovec, 2> parts{iovec{const_cast<std::byte*>(head.data()), head.size()},
                               iovec{const_cast<std::byte*>(body.data()), body.size()}};
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = parts.size();
    return ::sendmsg(descriptor_, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
  }

  void wait(bool& flag) noexcept {
    if (!waits_to_read_ && !waits_to_write_) set_.add_waiting();
    flag = true;
  }
  void ended_waiting(bool& flag) noexcept {
    if (std::exchange(flag, false) && !waits_to_read_ && !waits_to_write_) set_.remove_waiting();
  }
  /// Sets the interest, and queues an event if the socket is ready.
  void modify() noexcept { static_cast<void>(set_.control(EPOLL_CTL_MOD, descriptor_, interest_, slot_)); }

  epoll_set& set_;
  readiness_listener& listener_;
  int descriptor_;
  const std::uint32_t slot_;
  std::uint32_t interest_ = always;
  bool waits_to_read_ = false;
  bool waits_to_write_ = false;
  bool drained_ = true;  // What is received from now on is reported by an event.
  bool ended_ = false;   // The peer has ended the stream, or it has failed.
};

std::unique_ptr<socket_poller> make_socket_poller(boost::asio::io_context& context) {
  return std::make_unique<epoll_set>(context);
}

std::shared_ptr<connected_socket> epoll_set::watch(stream_socket& socket, readiness_listener& listener) {
  if (!open()) return nullptr;
  const std::uint32_t index = take_slot();
  std::shared_ptr<epoll_socket> made;
  const int descriptor = socket.native_handle();
  if (!attempt([&] { made = std::make_shared<epoll_socket>(*this, index, -1, listener); }) ||
      !control(EPOLL_CTL_ADD, descriptor, epoll_socket::always, index)) {
    free_slot(index);
    return nullptr;
  }
  boost::system::error_code failure;
  socket.release(failure);
  if (failure) {
    static_cast<void>(control(EPOLL_CTL_DEL, descriptor, 0, index));
    free_slot(index);
    return nullptr;
  }
  made->descriptor_ = descriptor;
  slots_[index].socket = made.get();
  return made;
}

// Opened for the first connection, so that an io_context without connections has no additional descriptor.
bool epoll_set::open() {
  if (descriptor_.is_open()) return true;
  set_ = ::epoll_create1(EPOLL_CLOEXEC);
  if (set_ < 0) return false;
  boost::system::error_code failure;
  descriptor_.assign(set_, failure);
  if (failure) ::close(set_);
  return !failure;
}

void epoll_set::shutdown() noexcept {
  boost::system::error_code ignored;
  descriptor_.close(ignored);
}

std::uint32_t epoll_set::take_slot() {
  if (free_slots_.empty()) {
    slots_.emplace_back();
    if (free_slots_.capacity() < slots_.capacity() && !attempt([&] { free_slots_.reserve(slots_.capacity()); })) {
      slots_.pop_back();
      throw std::bad_alloc();
    }
    return static_cast<std::uint32_t>(slots_.size() - 1);
  }
  const std::uint32_t index = free_slots_.back();
  free_slots_.pop_back();
  return index;
}

void epoll_set::free_slot(std::uint32_t index) noexcept {
  slots_[index].socket = nullptr;
  ++slots_[index].generation;
  free_slots_.push_back(index);
}

std::uint64_t epoll_set::key(std::uint32_t index) const noexcept {
  return std::uint64_t{slots_[index].generation} << 32 | index;
}

epoll_socket* epoll_set::find(std::uint64_t key) const noexcept {
  const slot& found = slots_[static_cast<std::uint32_t>(key)];
  return found.generation == key >> 32 ? found.socket : nullptr;
}

bool epoll_set::control(int operation, int descriptor, std::uint32_t events, std::uint32_t index) const noexcept {
  epoll_event event{};
  event.events = events;
  event.data.u64 = key(index);
  return ::epoll_ctl(set_, operation, descriptor, &event) == 0;
}

// Asio's wait counts as work of the io_context, whose run() must end when no socket waits.
void epoll_set::add_waiting() noexcept {
  if (++waiting_ == 1 && !armed_ && !dispatching_) arm();
}

void epoll_set::remove_waiting() noexcept {
  if (--waiting_ != 0 || !armed_) return;
  boost::system::error_code ignored;
  descriptor_.cancel(ignored);
}

void epoll_set::arm() noexcept {
  armed_ = true;
  // It can only fail if wait_memory_ is in use: a wait is pending then.
  static_cast<void>(attempt([&] {
    descriptor_.async_wait(boost::asio::posix::descriptor_base::wait_read,
                           boost::asio::bind_allocator(handler_allocator<std::byte>(wait_memory_),
                                                       [this](const boost::system::error_code& failure) {
                                                         armed_ = false;
                                                         if (!failure) dispatch();
                                                         if (waiting_ != 0) arm();
                                                       }));
  }));
}

// One batch. If more sockets are ready, Asio's next wait completes at once.
void epoll_set::dispatch() {
  std::array<epoll_event, batch_size> events;
  const int count = ::epoll_wait(set_, events.data(), static_cast<int>(events.size()), 0);
  dispatching_ = true;
  std::chrono::steady_clock::time_point now;
  for (int i = 0; i < count; ++i) {
    if (i % sockets_per_clock_reading == 0) now = std::chrono::steady_clock::now();
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    report(event.data.u64, event.events, now);
  }
  dispatching_ = false;
}

void epoll_set::report(std::uint64_t key, std::uint32_t events, std::chrono::steady_clock::time_point now) {
  epoll_socket* socket = find(key);
  if (!socket) return;
  const bool hangup = (events & epoll_socket::hangup) != 0;
  socket->ended_ = socket->ended_ || hangup;
  if (hangup || (events & EPOLLIN) != 0) {
    socket->drained_ = false;
    if (socket->waits_to_read_) {
      socket->ended_waiting(socket->waits_to_read_);
      socket->listener_.on_readable(now, {});
      // It may have closed the socket.
      socket = find(key);
      if (!socket) return;
    }
  }
  if (!hangup && (events & EPOLLOUT) == 0) return;
  if (socket->waits_to_write_) {
    socket->ended_waiting(socket->waits_to_write_);
    socket->listener_.on_writable(now, {});
  } else if (events == EPOLLOUT) {
    // Nobody has waited for it since. Where every acknowledged write is an event, as with Unix-domain sockets, it would cost
    // more than it saves.
    socket->interest_ &= ~std::uint32_t{EPOLLOUT};
    socket->modify();
  }
}

}  // namespace twinsocket::detail
