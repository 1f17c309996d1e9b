#include "twinsocket/native/loop_thread.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <thread>

#include "transport/event_loop.hpp"
#include "twinsocket/detail/fatal.hpp"

namespace twinsocket {
inline namespace native {

struct loop_thread::state {
  boost::asio::io_context context{1};
  detail::event_loop& loop{detail::event_loop::of(context)};
  std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> work_guard{
      context.get_executor()};
  std::thread thread{[this] { context.run(); }};
};

loop_thread::loop_thread() : state_(std::make_unique<state>()) {}

loop_thread::~loop_thread() {
  if (state_->thread.get_id() == std::this_thread::get_id())
    detail::fatal("a loop_thread is destroyed on its own thread: it would wait for itself");
  state_->loop.handle()->post([this] {
    state_->loop.close();
    // In a later handler: an io_context stops as soon as it has no work, and operations of this turn are only started at its
    // end.
    boost::asio::post(state_->context, [this] { state_->work_guard.reset(); });
  });
  state_->thread.join();
}

boost::asio::any_io_executor loop_thread::executor() const noexcept { return state_->context.get_executor(); }

void loop_thread::start(task<void> work, blocking_call& done) {
  if (state_->thread.get_id() == std::this_thread::get_id())
    detail::fatal("loop_thread::run() is called on its own thread: it would wait for itself; use co_await there");
  native::spawn(executor(), std::move(work), [&done](const std::exception_ptr& failure) {
    done.failure = failure;
    done.ended.release();
  });
}

void loop_thread::blocking_call::wait() {
  ended.acquire();
  detail::rethrow(failure);
}

}  // namespace native
}  // namespace twinsocket
