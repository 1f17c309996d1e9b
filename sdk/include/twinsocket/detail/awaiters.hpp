#pragma once

// The awaiters of a connection. An awaiter is in the frame of the awaiting coroutine, and linked into the connection
// while it is suspended. So waiting allocates nothing, and destroying the coroutine unlinks the awaiter. It may be
// moved until it is awaited, and keeps alive what it needs of the connection. Only a send that has to wait allocates: its
// copy of the message, which is linked in place of the awaiter.
//
// On a thread other than that of the connection's event loop send(), close(), closed() and drained() use a remote_call;
// receive() fails with errc::wrong_thread.

#include "twinsocket/detail/cxx20.hpp"

#include <coroutine>
#include <memory>
#include <optional>
#include <span>
#include <utility>

#include "twinsocket/close.hpp"
#include "twinsocket/detail/awaitable_base.hpp"
#include "twinsocket/detail/remote_call.hpp"
#include "twinsocket/detail/resumable.hpp"
#include "twinsocket/detail/timeout_or_cancel.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/message.hpp"
#include "twinsocket/prepared_message.hpp"
#include "twinsocket/receive_options.hpp"
#include "twinsocket/send_options.hpp"
#include "twinsocket/send_result.hpp"

namespace twinsocket::detail {

class connection_state;
class loop;
struct send_request;

/// Waits on the thread of the connection's event loop. On any other thread it does nothing: on_own_loop() is false.
class waiter : public resumable, public awaitable_base {
 protected:
  explicit waiter(connection_state& connection) noexcept;
  waiter(waiter&& other) noexcept
      : resumable(std::move(other)),
        connection_(std::exchange(other.connection_, nullptr)),
        loop_ended_(other.loop_ended_) {}
  ~waiter();

  [[nodiscard]] bool on_own_loop() const noexcept { return connection_ != nullptr; }
  /// Why this awaiter cannot wait: the connection's event loop has ended, or is another one.
  [[nodiscard]] error wrong_loop_error(const char* operation) const;
  /// Requires on_own_loop().
  [[nodiscard]] connection_state& state() const noexcept { return *connection_; }

 private:
  friend class connection_state;
  /// Checks the condition again, on the connection's thread. Returns true when the wait is over.
  [[nodiscard]] virtual bool ready() = 0;

  connection_state* connection_;  // Null on another thread, and after a move.
  bool loop_ended_;
};

class receive_awaiter : public waiter {
 public:
  explicit receive_awaiter(connection_state& connection) noexcept : waiter(connection) {}
  receive_awaiter(receive_awaiter&&) noexcept = default;

  [[nodiscard]] bool await_ready() { return !on_own_loop() || receive_awaiter::ready(); }
  void await_suspend(std::coroutine_handle<> waiting);
  [[nodiscard]] result<message> await_resume();

 private:
  [[nodiscard]] bool ready() override;

  bool has_received_ = false;  // In the padding of the base.
  message received_;
};

/// A receive with a timeout or cancellation.
class timed_receive_awaiter : public receive_awaiter, private timeout_or_cancel {
 public:
  timed_receive_awaiter(connection_state& connection, const receive_options& options)
      : receive_awaiter(connection), options_(options) {}
  timed_receive_awaiter(timed_receive_awaiter&&) noexcept = default;

  [[nodiscard]] bool await_ready();
  void await_suspend(std::coroutine_handle<> waiting);
  [[nodiscard]] result<message> await_resume();

 private:
  void on_timeout_or_cancel() override;

  receive_options options_;
};

/// A receive that decodes the message.
template <class T, class Codec, class Receive>
class decode_awaiter : public Receive {
 public:
  template <class... Arguments>
  explicit decode_awaiter(const Codec& codec, Arguments&&... arguments)
      : Receive(std::forward<Arguments>(arguments)...), codec_(&codec) {}

  [[nodiscard]] result<T> await_resume() {
    result<message> received = Receive::await_resume();
    if (!received) return std::move(received).error();
    return codec_->template decode<T>(*received);
  }

 private:
  const Codec* codec_;
};

/// The constructor sends the message; awaiting it waits for room if there was none. A message that has to wait is
/// copied: the caller's bytes and options need to live only until the constructor returns.
class send_awaiter : public awaitable_base {
 public:
  send_awaiter(connection_state& connection, message_kind kind, std::span<const std::byte> bytes,
               const send_options* options = nullptr);
  send_awaiter(connection_state& connection, const message& m, const send_options* options = nullptr);
  send_awaiter(connection_state& connection, const prepared_message& prepared, const send_options* options = nullptr);
  /// Sends an encoded message, or reports the error of encoding.
  send_awaiter(connection_state& connection, result<message> encoded, const send_options* options = nullptr);
  send_awaiter(send_awaiter&&) noexcept = default;

  [[nodiscard]] bool await_ready() const noexcept { return !waiting_; }
  void await_suspend(std::coroutine_handle<> waiting);
  send_result await_resume();

 private:
  class waiting_send;
  struct deleter {
    void operator()(waiting_send* one) const noexcept;
  };

  void begin(connection_state& connection, const send_request& m, message* own);

  std::unique_ptr<waiting_send, deleter> waiting_;  // Null unless the message has to wait.
  send_result outcome_{send_status::accepted};
};

/// Waits until the network has accepted all but `rest` bytes of what was sent.
class drained_awaiter : public waiter {
 public:
  drained_awaiter(connection_state& connection, std::size_t rest);
  drained_awaiter(drained_awaiter&&) noexcept = default;

  [[nodiscard]] bool await_ready() const noexcept;
  void await_suspend(std::coroutine_handle<> waiting);
  result<void> await_resume();

 private:
  [[nodiscard]] bool ready() override { return await_ready(); }

  std::size_t rest_;
  std::unique_ptr<remote_call<result<void>>> remote_;
};

class close_awaiter : public waiter {
 public:
  explicit close_awaiter(connection_state& connection);
  close_awaiter(close_awaiter&&) noexcept = default;

  [[nodiscard]] bool await_ready() const noexcept;
  void await_suspend(std::coroutine_handle<> waiting);
  close_info await_resume();

 private:
  [[nodiscard]] bool ready() override { return await_ready(); }

  std::shared_ptr<connection_state> remote_connection_;  // The connection, if it is on another thread.
  std::unique_ptr<remote_call<close_info>> remote_;
};

}  // namespace twinsocket::detail
