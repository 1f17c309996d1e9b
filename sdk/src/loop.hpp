#pragma once

// What a thread of ours does in one turn: whatever an event brought, then the timers that are due, the coroutines that
// became ready, and one flush of each connection that has something to write. The platform only says when to turn.

#include <boost/intrusive/list.hpp>
#include <boost/intrusive/set.hpp>
#include <coroutine>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

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

/// One event loop, of one thread. post() may be called from any thread, everything else from the loop's own only.
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

  /// When this turn began.
  [[nodiscard]] time_point now() const noexcept { return now_; }

  /// Runs `work` in a later turn, in the order of the calls. From any thread.
  void post(std::function<void()> work);

  /// Resumes a coroutine before this turn ends.
  void resume(std::coroutine_handle<> ready);
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

 protected:
  loop() = default;
  ~loop() = default;

  /// What was posted and what is due; the platform calls it when wake() or wake_at() asked for it.
  void run_due(time_point now);
  /// The surroundings have changed; inside a turn.
  void tell(surroundings now);

 private:
  /// Makes the platform call run_due() soon. From any thread.
  virtual void wake() = 0;
  /// Makes the platform call run_due() at this time, instead of the time asked for before; never for time_point::max().
  virtual void wake_at(time_point when) = 0;

  /// What the surroundings are; the platform calls tell() from then on.
  [[nodiscard]] virtual surroundings watch() { return {}; }

  void end_turn();

  static inline constinit thread_local loop* current_ = nullptr;

  time_point now_{};
  std::vector<std::coroutine_handle<>> ready_;
  boost::intrusive::list<flushable, boost::intrusive::constant_time_size<false>> dirty_;
  boost::intrusive::multiset<timer, boost::intrusive::constant_time_size<false>> timers_;
  boost::intrusive::list<surroundings_listener, boost::intrusive::constant_time_size<false>> listeners_;
  boost::intrusive::list<spawned, boost::intrusive::constant_time_size<false>> spawned_;
  std::optional<time_point> asked_for_;

  std::mutex posted_mutex_;
  std::vector<std::function<void()>> posted_;
};

}  // namespace twinsocket::detail
