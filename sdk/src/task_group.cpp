#include "twinsocket/task_group.hpp"

#include "loop.hpp"

namespace twinsocket {

namespace detail {

namespace {

branch run_member(task<void> work) { co_await std::move(work); }

}  // namespace

void group_member::prepare(task<void> work) { branch_ = run_member(std::move(work)); }

void group_member::start() { branch_.start(*this); }

std::coroutine_handle<> group_member::branch_ended() {
  group_state& group = group_;
  const std::exception_ptr failure = branch_.failure();
  group.members.erase(position);
  if (failure && !group.failure) {
    group.failure = failure;
    group.members.clear();
  }
  return group.members.empty() && group.joiner ? group.joiner->waiting() : nullptr;
}

}  // namespace detail

void task_group::cancel() {
  state_->members.clear();
  if (state_->joiner) detail::loop::require_current().resume(*state_->joiner);
}

task_group::~task_group() {
  if (!state_) return;
  cancel();
#if defined(__cpp_exceptions)
  if (!state_->failure || std::uncaught_exceptions() != 0) return;
  // Inside an exception handler std::terminate() prints the exception's text.
  try {
    detail::rethrow(state_->failure);
  } catch (...) {
    std::terminate();
  }
#endif
}

void task_group::spawn(task<void> work) {
  detail::require_spawnable(work);
  // Prepared outside the list, so that no member is left behind if an allocation fails.
  std::list<detail::group_member> fresh;
  detail::group_member& member = fresh.emplace_back(*state_);
  member.position = fresh.begin();
  member.prepare(std::move(work));
  state_->members.splice(state_->members.end(), fresh);
  member.start();
}

}  // namespace twinsocket
