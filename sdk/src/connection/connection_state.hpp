#pragma once

// The state of a connection behind its handle: the coroutines that wait on it, and the queue for other threads. Derived
// classes carry the messages: wire_connection over a byte stream, and browser_connection over the browser's WebSocket.

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
#include "session/frame_encoding.hpp"
#include "session/send_queue.hpp"
#include "session/send_request.hpp"
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

  // These may be called from any thread.
  /// False for text that is not valid UTF-8: the peer would have to fail the connection (RFC 6455 section 8.1).
  [[nodiscard]] static bool is_sendable(const send_request& m) noexcept;
  /// Sends a message for which is_sendable() is true.
  [[nodiscard]] send_result send(const send_request& m) {
    return on_own_loop() ? outcome(send_in_order(m), m.bytes.size()) : send_cross_thread(m);
  }
  void close(close_code code, std::string_view reason);
  void abort();
  /// Called when the connection object is destroyed: begins to close, and resumes pending receives.
  void abandon(close_code code, std::string_view reason);
  /// True in a turn of the connection's event loop.
  [[nodiscard]] bool on_own_loop() const noexcept { return loop::current() && loop::current()->handle() == own_loop_; }
  /// True once the event loop has ended. All operations then fail, and the state does not change any more.
  [[nodiscard]] bool loop_ended() const noexcept { return own_loop_->ended(); }
  /// True if members that belong to the connection's own thread may be read.
  [[nodiscard]] bool is_readable() const noexcept { return own_loop_->on_loop_thread() || own_loop_->ended(); }
  /// True once the connection has ended. Other threads may see it slightly later.
  [[nodiscard]] bool has_ended() const noexcept { return cross_thread_queue_closed_.load(std::memory_order_acquire); }
  [[nodiscard]] const std::shared_ptr<loop_handle>& event_loop_handle() const noexcept { return own_loop_; }
  /// Counts senders of other threads that wait for room, so that later senders do not overtake them.
  void add_waiting_sender();
  void remove_waiting_sender() noexcept;

  // The rest is for the connection's own thread only.
  void add_awaiter() noexcept { ++awaiters_; }
  void remove_awaiter() noexcept {
    // Awaiters keep the state alive after the connection object is gone.
    if (--awaiters_ == 0 && keep_alive_) std::exchange(keep_alive_, nullptr).reset();
  }
  [[nodiscard]] bool is_abandoned() const noexcept { return abandoned_; }
  /// send() without its result. Senders that already wait go first, even if this message would fit.
  [[nodiscard]] errc send_in_order(const send_request& m) {
    const bool waits = !drain_pending_cross_thread_queue() ||
                       (has_waiting_senders() && m.policy() == overflow_policy::wait && is_open());
    return waits ? errc::queue_full : push(m);
  }
  /// The common case of send(): a message without options that does not have to wait. Returns false and sends nothing if
  /// the message has to be sent by send(). `known_utf8`: text is valid UTF-8.
  [[nodiscard]] bool send_at_once(message_kind kind, std::span<const std::byte> bytes, bool known_utf8) {
    return !has_cross_thread_messages_.load(std::memory_order_acquire) && senders_.empty() &&
           push_at_once(kind, bytes, known_utf8);
  }
  /// The result of a send with this code.
  [[nodiscard]] send_result outcome(errc code, std::size_t size) const;
  [[nodiscard]] send_result send_cross_thread(const send_request& m);
  /// True if messages sent now are queued because the network accepts no more bytes.
  [[nodiscard]] virtual bool congested() const noexcept = 0;
  /// The error of a failed receive.
  [[nodiscard]] error receive_failure() const;
  [[nodiscard]] virtual bool is_open() const noexcept = 0;
  /// True when info() is final.
  [[nodiscard]] virtual bool settled() const noexcept = 0;
  [[nodiscard]] virtual close_info info() const = 0;
  /// The error of a receive once the queue of messages is empty.
  [[nodiscard]] virtual error failure() const = 0;
  [[nodiscard]] virtual std::size_t buffered() const noexcept = 0;
  /// True if at most `rest` bytes of what any thread has sent are still buffered.
  [[nodiscard]] bool is_drained_to(std::size_t rest) const noexcept {
    return !has_cross_thread_messages_.load(std::memory_order_acquire) && buffered() <= rest;
  }
  /// Called when the network or the page has just come back. The connection is dropped unless something arrives from the
  /// peer soon. `replaced` permits this even where the peer cannot be pinged.
  virtual void probe(bool replaced) { static_cast<void>(replaced); }
  /// Called when a coroutine begins to wait for the send queue to drain, for platforms that have to poll it.
  virtual void watch_drain() {}
  [[nodiscard]] virtual twinsocket::counters current_counters() const noexcept = 0;
  [[nodiscard]] virtual limits current_limits() const { return {}; }
  void set_limits(const limits& values) {
    outbound_limit_ = values.send_queue_bytes();
    send_queue_messages_ = values.send_queue_messages();
    apply_limits(values);
  }
  [[nodiscard]] virtual std::string remote_address() const { return {}; }
  [[nodiscard]] virtual std::string local_address() const { return {}; }
  [[nodiscard]] const std::string& subprotocol() const noexcept {
    static const std::string none;
    return subprotocol_ ? *subprotocol_ : none;
  }

  /// How this connection frames messages that it shares with other connections. Empty if it has to frame each message
  /// itself.
  [[nodiscard]] virtual std::optional<frame_encoding> encoding() const { return {}; }
  /// Sends frames that were made for this connection's form. With `at_once` they are written immediately, because nothing
  /// else will be written in this turn. Returns false and sends nothing if the messages have to be sent one by one: the
  /// network is congested, or the queue would exceed `limit` bytes.
  [[nodiscard]] bool send_frames(const frame_block& block, std::size_t limit, bool at_once) {
    return !has_cross_thread_messages_.load(std::memory_order_acquire) && push_frames(block, limit, at_once);
  }

  /// Takes the next message. False if there is none now.
  [[nodiscard]] virtual bool next(message& out) = 0;

  /// Queues a receiver. Receivers are served in the order of their calls.
  void wait_to_receive(waiter& w, std::coroutine_handle<> coroutine);
  /// Queues a sender that waits for room in the send queue. Senders are served in the order of their calls.
  void wait_to_send(waiter& w, std::coroutine_handle<> coroutine);
  /// Queues a sender in front of all others, which have to wait for it in any case.
  void wait_to_send_at_front(waiter& w, std::coroutine_handle<> coroutine);
  /// Queues a coroutine that waits for an event other than a message. Each one checks its own condition.
  void watch(waiter& w, std::coroutine_handle<> coroutine);
  /// Queues a coroutine that waits only for the end of the connection. There may be many.
  void watch_end(waiter& w, std::coroutine_handle<> coroutine);
  /// Ends a wait early.
  void cancel_wait(waiter& w);

 protected:
  connection_state(loop& own_loop, std::string subprotocol, const limits& values)
      : own_loop_(own_loop.handle()),
        outbound_limit_(values.send_queue_bytes()),
        send_queue_messages_(values.send_queue_messages()) {
    if (!subprotocol.empty()) set_subprotocol(std::move(subprotocol));
    own_loop.adopt(*this);
  }

  [[nodiscard]] loop& own_loop() const noexcept { return own_loop_->target(); }
  void set_subprotocol(std::string chosen) { subprotocol_ = std::make_unique<const std::string>(std::move(chosen)); }
  [[nodiscard]] bool has_receiver() const noexcept { return !receivers_.empty(); }
  /// Moves messages of other threads into the send queue. False if a message sent now would overtake one of them, or a
  /// sender that waits for room.
  [[nodiscard]] bool can_send_now() { return drain_pending_cross_thread_queue() && !has_waiting_senders(); }

  /// Resumes receivers, one after the other, while there are messages for them.
  void resume_receivers();
  /// Resumes senders that wait for room, while there is room.
  void resume_senders();
  /// Lets the watchers check their conditions.
  void notify_watchers();
  /// The connection has ended: resumes every waiting coroutine.
  void resume_all_waiters();

 private:
  /// Sends a message, or returns errc::queue_full if it would have to wait.
  [[nodiscard]] virtual errc push(const send_request& m) = 0;
  [[nodiscard]] virtual bool push_at_once(message_kind, std::span<const std::byte>, bool) { return false; }
  [[nodiscard]] virtual bool push_frames(const frame_block&, std::size_t, bool) { return false; }
  virtual void apply_limits(const limits&) {}
  virtual void begin_close(close_code code, std::string reason) = 0;
  virtual void close_stream() = 0;
  /// The event loop ends: releases the transport. The state is settled afterwards.
  virtual void release_loop() = 0;

  void on_loop_close() final { close(close_code::normal, {}); }
  void on_loop_end() final;

  void drain_cross_thread_queue();
  /// Does the same if there are messages. False if some of them remain.
  [[nodiscard]] bool drain_pending_cross_thread_queue() {
    if (has_cross_thread_messages_.load(std::memory_order_acquire)) drain_cross_thread_queue();
    return !has_cross_thread_messages_.load(std::memory_order_relaxed);
  }
  [[nodiscard]] bool has_waiting_senders() const noexcept { return !retrying_ && !senders_.empty(); }
  using waiters = boost::intrusive::list<waiter, boost::intrusive::constant_time_size<false>>;
  void notify(waiters& all);

  // Every message uses these.
  const std::shared_ptr<loop_handle> own_loop_;
  waiters receivers_;
  waiters senders_;
  waiters watchers_;
  std::atomic<bool> has_cross_thread_messages_{false};
  std::atomic<bool> cross_thread_queue_closed_{false};
  bool retrying_ = false;  // resume_senders() is running.
  bool abandoned_ = false;
  std::uint32_t awaiters_ = 0;
  std::shared_ptr<connection_state> keep_alive_;  // Set by abandon() while there are awaiters.

  waiters end_watchers_;
  std::unique_ptr<const std::string> subprotocol_;  // Null: none.
  // Other threads read these.
  std::atomic<std::size_t> outbound_limit_;
  std::atomic<std::size_t> send_queue_messages_;

  struct cross_thread_message {
    explicit cross_thread_message(const send_request& m);
    [[nodiscard]] send_request to_send() const noexcept;

    queued_message message;
    std::optional<send_options> options;
  };

  // Messages from other threads pass through here, so that they leave in the order of the calls.
  struct cross_thread_queue {
    std::mutex mutex;
    std::vector<cross_thread_message> messages;
    std::size_t bytes = 0;
    std::size_t waiting_senders = 0;  // Senders of other threads that wait for room.
  };
  [[nodiscard]] cross_thread_queue& ensure_cross_thread_queue();

  // Created by the first send from another thread; null before.
  std::atomic<cross_thread_queue*> cross_thread_queue_{nullptr};
};

/// Represents a sender of another thread that waits for room, from its call until its message is sent or the wait ends.
class waiting_sender_guard {
 public:
  explicit waiting_sender_guard(std::shared_ptr<connection_state> connection) : connection_(std::move(connection)) {
    connection_->add_waiting_sender();
  }
  waiting_sender_guard(waiting_sender_guard&&) noexcept = default;
  ~waiting_sender_guard() {
    if (connection_) connection_->remove_waiting_sender();
  }

 private:
  std::shared_ptr<connection_state> connection_;
};

}  // namespace twinsocket::detail
