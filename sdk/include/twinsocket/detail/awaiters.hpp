#pragma once

// What co_await waits on in connection.hpp. Each is a place in the waiting coroutine's frame, linked into the connection
// while it waits, so that waiting allocates nothing and a coroutine that is destroyed leaves no trace.

#include "twinsocket/detail/cxx20.hpp"

#include <boost/intrusive/list_hook.hpp>
#include <coroutine>
#include <optional>
#include <span>
#include <utility>

#include "twinsocket/close.hpp"
#include "twinsocket/detail/awaited_first.hpp"
#include "twinsocket/detail/timer.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/message.hpp"
#include "twinsocket/prepared_message.hpp"
#include "twinsocket/receive_options.hpp"
#include "twinsocket/send_options.hpp"
#include "twinsocket/send_result.hpp"

namespace twinsocket::detail {

class connection_state;
class loop;

class waiter : public boost::intrusive::list_base_hook<auto_unlink>, public awaited_first {
 public:
  waiter(const waiter&) = delete;
  waiter& operator=(const waiter&) = delete;

 protected:
  explicit waiter(connection_state& connection) noexcept : connection_(&connection) {}
  virtual ~waiter() = default;

  connection_state* connection_;

 private:
  friend class connection_state;
  /// Looks again, on the connection's thread. True when there is nothing to wait for any more.
  [[nodiscard]] virtual bool ready() = 0;

  std::coroutine_handle<> waiting_;
  loop* caller_ = nullptr;
};

class receive_awaiter : public waiter {
 public:
  explicit receive_awaiter(connection_state& connection) noexcept : waiter(connection) {}

  [[nodiscard]] bool await_ready();
  void await_suspend(std::coroutine_handle<> waiting);
  [[nodiscard]] result<message> await_resume();

 private:
  [[nodiscard]] bool ready() override;

  std::optional<message> received_;
};

/// A receive that does not wait for ever.
class limited_receive_awaiter : public receive_awaiter, private timer, private cancellable {
 public:
  limited_receive_awaiter(connection_state& connection, const receive_options& options) noexcept
      : receive_awaiter(connection), options_(options) {}

  [[nodiscard]] bool await_ready();
  void await_suspend(std::coroutine_handle<> waiting);
  [[nodiscard]] result<message> await_resume();

 private:
  void on_time(time_point now) override;
  void on_cancel() override;
  void give_up(errc why);

  receive_options options_;
  errc given_up_ = errc::ok;
};

/// A receive that decodes what comes.
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

/// The message is sent when this is made; awaiting it waits for room if there was none.
class send_awaiter : public waiter {
 public:
  send_awaiter(connection_state& connection, message_kind kind, std::span<const std::byte> bytes,
               const send_options* options = nullptr);
  send_awaiter(connection_state& connection, const prepared_message& prepared, const send_options* options = nullptr);
  /// Sends an encoded message, or says why there is none.
  send_awaiter(connection_state& connection, result<message> encoded, const send_options* options = nullptr);

  [[nodiscard]] bool await_ready() const noexcept { return !full_; }
  void await_suspend(std::coroutine_handle<> waiting);
  send_result await_resume() { return std::move(outcome_); }

 private:
  [[nodiscard]] bool ready() override;
  void begin();

  message_kind kind_;
  std::span<const std::byte> bytes_;
  const send_options* options_;
  message owned_;
  std::shared_ptr<const prepared_frames> shared_;
  bool full_ = false;
  send_result outcome_{send_status::accepted};
};

/// Waits until the network has taken what was sent, but for a rest.
class drained_awaiter : public waiter {
 public:
  drained_awaiter(connection_state& connection, std::size_t rest) noexcept : waiter(connection), rest_(rest) {}

  [[nodiscard]] bool await_ready() const noexcept;
  void await_suspend(std::coroutine_handle<> waiting);
  result<void> await_resume() const;

 private:
  [[nodiscard]] bool ready() override { return await_ready(); }

  std::size_t rest_;
};

class close_awaiter : public waiter {
 public:
  explicit close_awaiter(connection_state& connection) noexcept : waiter(connection) {}

  [[nodiscard]] bool await_ready() const noexcept;
  void await_suspend(std::coroutine_handle<> waiting);
  close_info await_resume() const;

 private:
  [[nodiscard]] bool ready() override { return await_ready(); }
};

}  // namespace twinsocket::detail
