#pragma once

// Structured concurrency: tasks that are joined or cancelled before a scope ends.
//
//   task_group group;
//   for (auto& url : urls) group.spawn([&url] { return follow(url); });
//   co_await group.join();
//
// A group is used on the thread of the task that owns it. A task of the group must not destroy it.

#include "twinsocket/detail/cxx20.hpp"

#include <coroutine>
#include <cstddef>
#include <exception>
#include <list>
#include <memory>
#include <utility>

#include "twinsocket/detail/branch.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket {

namespace detail {

class group_state;

/// A task of a group. Removes itself when it ends.
class group_member final : private branch_listener {
 public:
  explicit group_member(group_state& group) noexcept : group_(group) {}
  void prepare(task<void> work);
  void start();
  std::list<group_member>::iterator position;

 private:
  std::coroutine_handle<> branch_ended() override;

  group_state& group_;
  branch branch_;
};

class join_awaiter;

class group_state {
 public:
  std::list<group_member> members;
  std::exception_ptr failure;
  join_awaiter* joiner = nullptr;
};

class join_awaiter : public resumable {
 public:
  explicit join_awaiter(std::shared_ptr<group_state> group) noexcept : group_(std::move(group)) {}
  join_awaiter(join_awaiter&&) noexcept = default;
  ~join_awaiter() {
    if (group_ && group_->joiner == this) group_->joiner = nullptr;
  }

  [[nodiscard]] bool await_ready() const noexcept { return group_->members.empty(); }
  void await_suspend(std::coroutine_handle<> waiting) noexcept {
    if (group_->joiner) fatal("two tasks join the same task_group");
    group_->joiner = this;
    set_waiting(waiting);
  }
  void await_resume() {
    if (group_->joiner == this) group_->joiner = nullptr;
    rethrow(std::exchange(group_->failure, nullptr));
  }

 private:
  friend class group_member;

  std::shared_ptr<group_state> group_;
};

}  // namespace detail

/// Tasks that are joined or cancelled together. Use it on the thread of the task that owns it. Destroying the group
/// cancels the tasks that have not ended. Move-only.
class task_group {
 public:
  task_group() : state_(std::make_shared<detail::group_state>()) {}
  task_group(task_group&&) noexcept = default;
  task_group& operator=(task_group&&) = delete;
  /// Cancels the remaining tasks. An exception that no join() has rethrown ends the program, which prints its text.
  ~task_group();

  /// Starts a task immediately and runs it until it first suspends. An exception that leaves it cancels the other tasks
  /// and is rethrown by join().
  void spawn(task<void> work);
  /// The same with a function that returns the task. The function is kept with its captures.
  template <class F>
  requires std::is_invocable_r_v<task<void>, F&> void spawn(F function) {
    spawn(detail::run_with_captures(std::move(function)));
  }

  /// `co_await join()` waits until all tasks have ended. Only one task at a time may join a group.
  [[nodiscard]] detail::join_awaiter join() { return detail::join_awaiter(state_); }

  /// Destroys all tasks, which are suspended. join() then completes immediately. A task of the group must not call it.
  void cancel();

  /// Number of tasks that have not ended.
  [[nodiscard]] std::size_t size() const noexcept { return state_->members.size(); }

 private:
  std::shared_ptr<detail::group_state> state_;
};

}  // namespace twinsocket
