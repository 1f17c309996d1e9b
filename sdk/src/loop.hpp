#pragma once

// What a thread of ours does in one turn: whatever an event brought, then the timers that are due, the coroutines that
// became ready, and one flush of each connection that has something to write. The platform only says when to turn.

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

/// Has something to write at the end of the turn. Destroying it takes it off the list.
class flushable : public boost::intrusive::list_base_hook<auto_unlink> {
 protected:
  ~flushable() = default;

 private:
  friend class loop;
  virtual void flush() = 0;
};

/// What the platform tells of itself; where it tells nothing all is well.
struct surroundings {
  bool online = true;   ///< There is a network.
  bool visible = true;  ///< Somebody looks at the page.
  bool active = true;   ///< False from a page's `pagehide` to its `pageshow`: nothing stays open in between.
  bool resumed = false;  ///< The page or the network has just come back: what is open may be lost already.
};

/// Hears when they change. Destroying it takes it off the list.
class surroundings_listener : public boost::intrusive::list_base_hook<auto_unlink> {
 protected:
  ~surroundings_listener() = default;

 private:
  friend class loop;
  virtual void changed(surroundings now) = 0;
};

/// What lives on a loop and has to know that the loop closes or ends. Destroying it takes it off the list.
class loop_service : public boost::intrusive::list_base_hook<auto_unlink> {
 protected:
  ~loop_service() = default;

 private:
  friend class loop;
  /// The loop is to run out of work: what would go on by itself begins to end.
  virtual void loop_closes() = 0;
  /// The loop ends: nothing may be begun on it any more.
  virtual void loop_ends() = 0;
};

/// One event loop, of one thread. Other threads hold its handle(); everything here is for the loop's own thread.
///
/// A loop ends before it is destroyed (end()). What lives on it is told, the tasks that were spawned on it are destroyed
/// where they wait, and its handle refuses work from then on.
class loop {
 public:
  /// An event is being handled: the platform makes one of these around each call into our code. The outermost one ends the
  /// turn in its destructor.
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

  /// The loop whose turn it is on this thread, or null.
  [[nodiscard]] static loop* current() noexcept { return current_; }
  /// The same; ends the program where there is none.
  [[nodiscard]] static loop& require_current() noexcept;

  [[nodiscard]] const std::shared_ptr<loop_handle>& handle() const noexcept { return handle_; }

  /// When this turn began.
  [[nodiscard]] time_point now() const noexcept { return now_; }

  /// Runs `work` in a later turn, in the order of the calls.
  void post(std::function<void()> work) { handle_->post(std::move(work)); }

  /// Resumes a coroutine before this turn ends, unless it is destroyed before.
  void resume(resumable& ready);
  /// Resumes a coroutine now.
  void resume_now(resumable& ready);
  void flush_later(flushable& connection);
  /// The same, before those that are to be flushed already.
  void flush_first(flushable& source);
  void arm(timer& alarm, time_point when);
  /// Tells from now on when the surroundings change, and now what they are.
  [[nodiscard]] surroundings listen(surroundings_listener& listener);

  /// A task that was spawned here.
  void adopt(spawned& work) { spawned_.push_back(work); }
  /// Ends the tasks that were spawned here and still wait: what their frames hold is destroyed. Once the platform carries
  /// out nothing any more, and inside a turn.
  void destroy_spawned();

  /// From now on it is told when the loop closes or ends.
  void adopt(loop_service& one) { services_.push_back(one); }
  /// Lets the loop run out of work: open connections begin to close, and those that open later do so at once. In a turn.
  void close();
  [[nodiscard]] bool closing() const noexcept { return closing_; }
  /// Something is under way elsewhere that a coroutine here waits for: the platform does not run out of work before it is
  /// finished.
  virtual void work_started() {}
  virtual void work_finished() {}
  /// True once end() has begun: nothing is resumed, flushed or timed any more.
  [[nodiscard]] bool ended() const noexcept { return handle_->ended(); }

 protected:
  loop() : handle_(std::make_shared<loop_handle>(*this)) {}
  ~loop() = default;

  /// The last thing that happens on a loop, outside a turn. The platform calls it before it goes.
  void end(time_point now);

  /// What was posted and what is due; the platform calls it when wake() or wake_at() asked for it.
  void run_due(time_point now);
  /// The surroundings have changed; inside a turn.
  void tell(surroundings now);

 private:
  friend class loop_handle;
  /// Makes the platform call run_due() soon. From any thread.
  virtual void wake() = 0;
  /// Makes the platform call run_due() at this time, instead of the time asked for before; never for time_point::max().
  virtual void wake_at(time_point when) = 0;

  /// What the surroundings are; the platform calls tell() from then on.
  [[nodiscard]] virtual surroundings watch() { return {}; }

  void end_turn();

  static inline constinit thread_local loop* current_ = nullptr;

  const std::shared_ptr<loop_handle> handle_;
  time_point now_{};
  bool closing_ = false;
  boost::intrusive::list<resumable, boost::intrusive::constant_time_size<false>> ready_;
  boost::intrusive::list<flushable, boost::intrusive::constant_time_size<false>> dirty_;
  boost::intrusive::multiset<timer, boost::intrusive::constant_time_size<false>> timers_;
  boost::intrusive::list<surroundings_listener, boost::intrusive::constant_time_size<false>> listeners_;
  boost::intrusive::list<spawned, boost::intrusive::constant_time_size<false>> spawned_;
  boost::intrusive::list<loop_service, boost::intrusive::constant_time_size<false>> services_;
  std::optional<time_point> asked_for_;
};

}  // namespace twinsocket::detail
