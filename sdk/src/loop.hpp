#pragma once

// The event loop, independent of the platform. One turn handles an event, then due timers, then ready coroutines, and
// finally flushes each connection that has output. The platform only decides when a turn runs.

#include <boost/intrusive/list.hpp>
#include <boost/intrusive/set.hpp>
#include <coroutine>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "twinsocket/detail/loop_handle.hpp"
#include "twinsocket/detail/resumable.hpp"
#include "twinsocket/detail/timer.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket::detail {

/// An object with output to write at the end of the turn. Destroying it unlinks it.
class flushable : public boost::intrusive::list_base_hook<auto_unlink> {
 protected:
  ~flushable() = default;

 private:
  friend class loop;
  virtual void flush() = 0;
};

/// The state of the environment as the platform reports it. Defaults: online and visible.
struct environment {
  bool online = true;   ///< The network is available.
  bool visible = true;  ///< The page is visible.
  bool active =
      true;  ///< False between a page's `pagehide` and `pageshow` events. No connection stays open in between.
  bool resumed = false;  ///< The page or the network has just come back. Open connections may be lost already.
};

/// Notified when the environment changes. Destroying it unlinks it.
class environment_listener : public boost::intrusive::list_base_hook<auto_unlink> {
 protected:
  ~environment_listener() = default;

 private:
  friend class loop;
  virtual void on_environment_change(environment now) = 0;
};

/// An object that belongs to a loop and is notified when the loop closes or ends. Destroying it unlinks it.
class loop_service : public boost::intrusive::list_base_hook<auto_unlink> {
 protected:
  ~loop_service() = default;

 private:
  friend class loop;
  /// The loop begins to run out of work: the service starts to shut down.
  virtual void on_loop_close() = 0;
  /// The server that runs the loop stops. The service can still be used, but must not keep the loop running by itself.
  virtual void on_loop_drain() {}
  /// The loop ends: the service must not start anything on it any more.
  virtual void on_loop_end() = 0;
};

/// An event loop of one thread. Other threads may hold its handle(); everything else is for the loop's own thread.
///
/// The platform calls end() before the loop is destroyed. It notifies the services, destroys the suspended tasks that
/// were spawned on the loop, and makes the handle refuse further work.
class loop {
 public:
  /// The scope in which an event is handled. The platform creates one around each call into this library. The destructor
  /// of the outermost one ends the turn.
  class turn {
   public:
    explicit turn(loop& self, time_point now);
    turn(const turn&) = delete;
    turn& operator=(const turn&) = delete;
    ~turn();

   private:
    loop& self_;
    loop* outer_;
  };

  loop(const loop&) = delete;
  loop& operator=(const loop&) = delete;

  /// The loop that runs a turn on this thread, or null.
  [[nodiscard]] static loop* current() noexcept { return current_; }
  /// The same, but aborts the program if there is none.
  [[nodiscard]] static loop& require_current() noexcept;

  [[nodiscard]] const std::shared_ptr<loop_handle>& handle() const noexcept { return handle_; }

  /// The time at which this turn began.
  [[nodiscard]] time_point now() const noexcept { return now_; }

  /// Runs `work` in a later turn, in the order of the calls.
  void post(std::function<void()> work) { handle_->post(std::move(work)); }

  /// Resumes a coroutine before this turn ends, unless it is destroyed first.
  void resume(resumable& ready);
  /// Resumes a coroutine now.
  void resume_now(resumable& ready);
  void schedule_flush(flushable& connection);
  /// The same, but before the objects that are already queued for flushing.
  void schedule_flush_first(flushable& source);
  void arm(timer& alarm, time_point when);
  /// Returns the current environment and notifies the listener of changes from now on.
  [[nodiscard]] environment listen(environment_listener& listener);

  /// Adds a task that was spawned on this loop.
  void adopt(spawned_frame& work) { spawned_.push_back(work); }
  /// Destroys the suspended tasks that were spawned on this loop, with everything in their frames. Called inside a turn,
  /// once the platform executes no more operations.
  void destroy_spawned();

  /// Notifies the service when the loop closes or ends.
  void adopt(loop_service& one) { services_.push_back(one); }
  /// Lets the loop run out of work: starts to close open connections, and later ones as soon as they open. Called inside
  /// a turn.
  void close();
  [[nodiscard]] bool closing() const noexcept { return closing_; }
  /// Lets the loop run out of work without closing connections: the server closes its own, and others serve its handlers
  /// until these have ended. Called inside a turn.
  void drain();
  /// True after drain() and close().
  [[nodiscard]] bool draining() const noexcept { return draining_; }
  /// Called when a coroutine of this loop begins or ceases to wait for an operation elsewhere. The platform keeps the
  /// loop running in between.
  virtual void work_started() {}
  virtual void work_finished() {}
  /// True once end() has begun. Nothing is resumed, flushed or scheduled any more.
  [[nodiscard]] bool ended() const noexcept { return handle_->ended(); }

 protected:
  loop() : handle_(std::make_shared<loop_handle>(*this)) {}
  ~loop() = default;

  /// Ends the loop. The platform calls it last, outside a turn, before it destroys the loop.
  void end(time_point now);

  /// Runs posted work and due timers. The platform calls it in response to wake() or wake_at().
  void run_due(time_point now);
  /// The environment has changed. Called inside a turn.
  void environment_changed(environment now);

 private:
  friend class loop_handle;
  /// Makes the platform call run_due() soon. From any thread.
  virtual void wake() = 0;
  /// Makes the platform call run_due() at this time, which replaces the previous one. time_point::max() means never.
  virtual void wake_at(time_point when) = 0;

  /// Returns the current environment. The platform calls environment_changed() on changes from then on.
  [[nodiscard]] virtual environment watch() { return {}; }

  void end_turn();
  void notify_services(void (loop_service::*event)());

  static inline constinit thread_local loop* current_ = nullptr;

  const std::shared_ptr<loop_handle> handle_;
  time_point now_{};
  bool closing_ = false;
  bool draining_ = false;
  boost::intrusive::list<resumable, boost::intrusive::constant_time_size<false>> ready_;
  boost::intrusive::list<flushable, boost::intrusive::constant_time_size<false>> flush_queue_;
  boost::intrusive::multiset<timer, boost::intrusive::constant_time_size<false>> timers_;
  boost::intrusive::list<environment_listener, boost::intrusive::constant_time_size<false>> listeners_;
  boost::intrusive::list<spawned_frame, boost::intrusive::constant_time_size<false>> spawned_;
  boost::intrusive::list<loop_service, boost::intrusive::constant_time_size<false>> services_;
  std::optional<time_point> next_wakeup_;
};

}  // namespace twinsocket::detail
