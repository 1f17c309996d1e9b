#pragma once

// What a connection is below its handle: who waits on it, and the way in for other threads. What carries the messages
// is derived from it: wire_connection on a stream of bytes, and the browser's own WebSocket.

#include <atomic>
#include <boost/intrusive/list.hpp>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "loop.hpp"
#include "session/outbound.hpp"
#include "session/outgoing.hpp"
#include "twinsocket/close.hpp"
#include "twinsocket/counters.hpp"
#include "twinsocket/detail/awaiters.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/message.hpp"
#include "twinsocket/send_result.hpp"

namespace twinsocket::detail {

class connection_state : public std::enable_shared_from_this<connection_state> {
 public:
  connection_state(const connection_state&) = delete;
  connection_state& operator=(const connection_state&) = delete;
  virtual ~connection_state() = default;

  // From any thread.
  /// False for a text that is not UTF-8, which a peer would have to refuse (RFC 6455 section 8.1).
  [[nodiscard]] static bool is_sendable(const outgoing& m) noexcept;
  /// Sends what is_sendable.
  [[nodiscard]] send_result send(const outgoing& m);
  void close(close_code code, std::string_view reason);
  void abort();

  // From the connection's own thread.
  [[nodiscard]] virtual bool is_open() const noexcept = 0;
  /// True when info() is final.
  [[nodiscard]] virtual bool settled() const noexcept = 0;
  [[nodiscard]] virtual close_info info() const = 0;
  /// Why a receive fails once the messages have run out.
  [[nodiscard]] virtual error failure() const = 0;
  [[nodiscard]] virtual std::size_t buffered() const noexcept = 0;
  [[nodiscard]] virtual twinsocket::counters counted() const noexcept = 0;
  [[nodiscard]] virtual std::string remote_address() const { return {}; }
  [[nodiscard]] const std::string& subprotocol() const noexcept { return subprotocol_; }

  /// True when the waiter need not wait: it has its message, or there will be none.
  [[nodiscard]] bool try_receive(receive_awaiter& waiter);
  void wait(receive_awaiter& waiter);
  void wait(close_awaiter& waiter);
  /// From any thread.
  void wait(send_awaiter& waiter);

 protected:
  connection_state(loop& home, std::string subprotocol, std::size_t outbound_limit)
      : home_(home), subprotocol_(std::move(subprotocol)), outbound_limit_(outbound_limit) {}

  [[nodiscard]] loop& home() const noexcept { return home_; }
  [[nodiscard]] bool has_receiver() const noexcept { return !receivers_.empty(); }

  /// Gives messages to those who wait, one after the other, as far as they go.
  void deliver();
  /// There may be room for those who wait to send.
  void retry_senders();
  /// It has ended: nobody has anything to wait for any more.
  void release_waiters();

 private:
  /// Takes the next message; false when there is none now.
  [[nodiscard]] virtual bool next(message& out) = 0;
  /// Hands a message on; errc::queue_full where it would have to wait.
  [[nodiscard]] virtual errc push(const outgoing& m) = 0;
  /// True when what is sent now waits for the network.
  [[nodiscard]] virtual bool congested() const noexcept = 0;
  virtual void begin_close(close_code code, std::string reason) = 0;
  virtual void cut() = 0;

  [[nodiscard]] bool at_home() const noexcept { return loop::current() == &home_; }
  [[nodiscard]] send_result outcome(errc code, std::size_t size) const;
  [[nodiscard]] send_result mail(const outgoing& m);
  void empty_mailbox();
  template <class List>
  void resume_all(List& waiters);

  using waiters = boost::intrusive::constant_time_size<false>;
  loop& home_;
  std::string subprotocol_;
  std::size_t outbound_limit_;
  boost::intrusive::list<receive_awaiter, waiters> receivers_;
  boost::intrusive::list<send_awaiter, waiters> senders_;
  boost::intrusive::list<close_awaiter, waiters> closers_;

  struct mailed {
    explicit mailed(const outgoing& m);
    [[nodiscard]] outgoing to_send() const noexcept;

    waiting_message message;
    std::optional<send_options> options;
  };

  // What other threads send goes through here, so that messages leave in the order of the calls.
  std::atomic<bool> has_mail_{false};
  std::mutex mailbox_mutex_;
  std::vector<mailed> mailbox_;
  std::size_t mailbox_bytes_ = 0;
  bool mailbox_closed_ = false;
};

}  // namespace twinsocket::detail
