#pragma once

// What a connection is below its handle: who waits on it, and the way in for other threads. What carries the messages
// is derived from it: wire_connection on a stream of bytes, and the browser's own WebSocket.

#include <atomic>
#include <boost/intrusive/list.hpp>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "loop.hpp"
#include "session/outbound.hpp"
#include "session/outgoing.hpp"
#include "session/shared_frames.hpp"
#include "twinsocket/close.hpp"
#include "twinsocket/counters.hpp"
#include "twinsocket/detail/awaiters.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/limits.hpp"
#include "twinsocket/message.hpp"
#include "twinsocket/send_result.hpp"

namespace twinsocket::detail {

class connection_state : public std::enable_shared_from_this<connection_state>, private loop_service {
 public:
  connection_state(const connection_state&) = delete;
  connection_state& operator=(const connection_state&) = delete;
  virtual ~connection_state();

  // From any thread.
  /// False for a text that is not UTF-8, which a peer would have to refuse (RFC 6455 section 8.1).
  [[nodiscard]] static bool is_sendable(const outgoing& m) noexcept;
  /// Sends what is_sendable.
  [[nodiscard]] send_result send(const outgoing& m);
  void close(close_code code, std::string_view reason);
  void abort();
  /// The connection object is destroyed: closes, and ends the waits of those who receive.
  void abandon(close_code code, std::string_view reason);
  /// True in a turn of the connection's event loop.
  [[nodiscard]] bool is_here() const noexcept { return loop::current() && loop::current()->handle() == home_; }
  /// True once the event loop has ended: everything is refused, and nothing changes any more.
  [[nodiscard]] bool loop_ended() const noexcept { return home_->ended(); }
  /// True where what is only for the connection's own thread may be read.
  [[nodiscard]] bool is_readable() const noexcept { return home_->on_its_thread() || home_->ended(); }
  /// True once it has ended; on another thread perhaps a little later.
  [[nodiscard]] bool has_ended() const noexcept { return mailbox_closed_.load(std::memory_order_acquire); }
  [[nodiscard]] const std::shared_ptr<loop_handle>& home_handle() const noexcept { return home_; }
  /// Senders of other threads who wait for room: those who come later do not overtake them.
  void join_line();
  void leave_line() noexcept;

  // From the connection's own thread.
  void add_awaiter() noexcept { ++awaiters_; }
  void remove_awaiter() noexcept {
    // Whoever awaits keeps it alive when the connection object is gone.
    if (--awaiters_ == 0 && kept_) std::exchange(kept_, nullptr).reset();
  }
  [[nodiscard]] bool is_abandoned() const noexcept { return abandoned_; }
  /// Why a receive fails.
  [[nodiscard]] error receive_failure() const;
  [[nodiscard]] virtual bool is_open() const noexcept = 0;
  /// True when info() is final.
  [[nodiscard]] virtual bool settled() const noexcept = 0;
  [[nodiscard]] virtual close_info info() const = 0;
  /// Why a receive fails once the messages have run out.
  [[nodiscard]] virtual error failure() const = 0;
  [[nodiscard]] virtual std::size_t buffered() const noexcept = 0;
  /// True when at most `rest` bytes of what was sent, by this thread or another, wait for the network.
  [[nodiscard]] bool has_drained_to(std::size_t rest) const noexcept {
    return !has_mail_.load(std::memory_order_acquire) && buffered() <= rest;
  }
  /// The network has just come back, or the page: the peer has to be heard soon, or the connection is lost. `replaced`
  /// allows that also where the peer cannot be asked.
  virtual void probe(bool replaced) { static_cast<void>(replaced); }
  /// Somebody watches for the network to take what was sent; for platforms that have to be asked.
  virtual void watch_drain() {}
  [[nodiscard]] virtual twinsocket::counters counted() const noexcept = 0;
  [[nodiscard]] virtual limits limits_now() const { return {}; }
  void set_limits(const limits& values) {
    outbound_limit_ = values.outbound_bytes();
    outbound_messages_ = values.outbound_messages();
    apply_limits(values);
  }
  [[nodiscard]] virtual std::string remote_address() const { return {}; }
  [[nodiscard]] virtual std::string local_address() const { return {}; }
  [[nodiscard]] const std::string& subprotocol() const noexcept { return subprotocol_; }

  /// How messages are framed that many connections share; nothing where each frames them by itself.
  [[nodiscard]] virtual std::optional<frame_form> form() const { return {}; }
  /// Sends frames of this connection's form, `at_once` where nothing else will be written in this turn. False, and nothing
  /// sent, where the messages have to be sent one by one: the network does not keep up, or they are more than `limit`
  /// bytes.
  [[nodiscard]] bool send_frames(const frame_block& block, std::size_t limit, bool at_once) {
    return !has_mail_.load(std::memory_order_acquire) && push_frames(block, limit, at_once);
  }

  /// Takes the next message; false when there is none now.
  [[nodiscard]] virtual bool next(message& out) = 0;

  /// Those who wait for what comes, in the order in which they came themselves.
  void wait_to_receive(waiter& w, std::coroutine_handle<> coroutine);
  /// Those who wait for room in the outbound queue, likewise.
  void wait_to_send(waiter& w, std::coroutine_handle<> coroutine);
  /// The same for what all others have to wait for anyway.
  void wait_to_send_first(waiter& w, std::coroutine_handle<> coroutine);
  /// Those who wait for something that is no message, each by itself.
  void watch(waiter& w, std::coroutine_handle<> coroutine);
  /// Those who wait for its end alone, and may be many.
  void watch_end(waiter& w, std::coroutine_handle<> coroutine);
  /// Ends a wait before its time.
  void give_up(waiter& w);

 protected:
  connection_state(loop& home, std::string subprotocol, const limits& values)
      : home_(home.handle()),
        subprotocol_(std::move(subprotocol)),
        outbound_limit_(values.outbound_bytes()),
        outbound_messages_(values.outbound_messages()) {
    home.adopt(*this);
  }

  [[nodiscard]] loop& home() const noexcept { return home_->target(); }
  void set_subprotocol(std::string chosen) { subprotocol_ = std::move(chosen); }
  [[nodiscard]] bool has_receiver() const noexcept { return !receivers_.empty(); }
  /// Hands on what other threads have sent. False when what is sent now would overtake some of it, or somebody who waits
  /// for room.
  [[nodiscard]] bool is_next_to_send() { return empty_mail() && !others_wait_to_send(); }

  /// Gives what has come to those who wait for it, one after the other, as far as it goes.
  void deliver();
  /// There may be room for those who wait to send.
  void retry_senders();
  /// Something has happened that is no message.
  void tell_watchers();
  /// It has ended: nobody has anything to wait for any more.
  void release_waiters();

 private:
  /// Hands a message on; errc::queue_full where it would have to wait.
  [[nodiscard]] virtual errc push(const outgoing& m) = 0;
  [[nodiscard]] virtual bool push_frames(const frame_block&, std::size_t, bool) { return false; }
  /// True when what is sent now waits for the network.
  [[nodiscard]] virtual bool congested() const noexcept = 0;
  virtual void apply_limits(const limits&) {}
  virtual void begin_close(close_code code, std::string reason) = 0;
  virtual void cut() = 0;
  /// The event loop ends: lets go of what carries the messages, and is settled from then on.
  virtual void lose_loop() = 0;

  void loop_closes() final { close(close_code::normal, {}); }
  void loop_ends() final;

  [[nodiscard]] send_result outcome(errc code, std::size_t size) const;
  [[nodiscard]] send_result mail(const outgoing& m);
  void empty_mailbox();
  /// The same where there is any; false when some of it is left.
  [[nodiscard]] bool empty_mail() {
    if (has_mail_.load(std::memory_order_acquire)) empty_mailbox();
    return !has_mail_.load(std::memory_order_relaxed);
  }
  [[nodiscard]] bool others_wait_to_send() const noexcept { return !retrying_ && !senders_.empty(); }
  using waiters = boost::intrusive::list<waiter, boost::intrusive::constant_time_size<false>>;
  void tell(waiters& all);

  const std::shared_ptr<loop_handle> home_;
  std::string subprotocol_;
  // Other threads read them.
  std::atomic<std::size_t> outbound_limit_;
  std::atomic<std::size_t> outbound_messages_;
  waiters receivers_;
  waiters senders_;
  waiters watchers_;
  waiters end_watchers_;
  bool retrying_ = false;  // Those who wait to send are asked, one after the other.
  bool abandoned_ = false;
  std::uint32_t awaiters_ = 0;
  std::shared_ptr<connection_state> kept_;  // By the awaiters, once the connection object is gone.

  struct mailed {
    explicit mailed(const outgoing& m);
    [[nodiscard]] outgoing to_send() const noexcept;

    waiting_message message;
    std::optional<send_options> options;
  };

  // What other threads send goes through here, so that messages leave in the order of the calls.
  struct mailbox {
    std::mutex mutex;
    std::vector<mailed> messages;
    std::size_t bytes = 0;
    std::size_t in_line = 0;  // Senders of other threads who wait for room.
  };
  [[nodiscard]] mailbox& mailbox_of_others();

  std::atomic<mailbox*> mailbox_{nullptr};  // Made by the first other thread that sends; null where none has.
  std::atomic<bool> has_mail_{false};
  std::atomic<bool> mailbox_closed_{false};
};

/// A sender of another thread who waits for room, from its call until its message has gone or it waits no more.
class place_in_line {
 public:
  explicit place_in_line(std::shared_ptr<connection_state> connection) : connection_(std::move(connection)) {
    connection_->join_line();
  }
  place_in_line(place_in_line&&) noexcept = default;
  ~place_in_line() {
    if (connection_) connection_->leave_line();
  }

 private:
  std::shared_ptr<connection_state> connection_;
};

}  // namespace twinsocket::detail
