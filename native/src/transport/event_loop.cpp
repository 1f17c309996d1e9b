#include "transport/event_loop.hpp"

#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "attempt.hpp"
#include "twinsocket/native/asio.hpp"
#include "twinsocket/native/run.hpp"

namespace twinsocket {

namespace detail {

event_loop::event_loop(boost::asio::execution_context& context)
    : boost::asio::execution_context::service(context),
      context_(static_cast<boost::asio::io_context&>(context)),
      timer_(context_),
      poller_(make_socket_poller(context_)) {}

std::span<std::byte> event_loop::read_buffer() {
  if (!read_buffer_) read_buffer_.reset(new std::byte[read_buffer_size]);
  return {read_buffer_.get(), read_buffer_size};
}

std::shared_ptr<connected_socket> event_loop::watch_socket(stream_socket socket, readiness_listener& listener) {
  if (poller_ && !portable_sockets)
    if (auto watched = poller_->watch(socket, listener)) return watched;
  return make_asio_socket(std::move(socket), listener);
}

void event_loop::wake() {
  // It can only fail if wake_memory_ is in use: a call that does the same is then pending.
  static_cast<void>(attempt([&] {
    boost::asio::post(context_, boost::asio::bind_allocator(handler_allocator<std::byte>(wake_memory_), [this] {
                        if (!waiting_ && again_ != time_point::max()) wake_at(again_);
                        run_due(std::chrono::steady_clock::now());
                      }));
  }));
}

void event_loop::wake_at(time_point when) {
  again_ = time_point::max();
  timer_.expires_at(when);
  if (when == time_point::max()) return;
  auto over = [this](const boost::system::error_code& failure) {
    waiting_ = false;
    if (again_ != time_point::max()) wake_at(again_);
    if (!failure) run_due(std::chrono::steady_clock::now());
  };
  if (attempt(
          [&] { timer_.async_wait(boost::asio::bind_allocator(handler_allocator<std::byte>(timer_memory_), over)); })) {
    waiting_ = true;
    return;
  }
  // timer_memory_ is in use until the handler of the wait that is replaced has run. If there is none, Asio's queue of timers
  // ran out of memory: then it is tried again in the next turn.
  again_ = when;
  if (!waiting_) wake();
}

// Releases the work guard in a later handler: an io_context stops as soon as it has no work, and operations of this turn are
// only started at its end.
void event_loop::work_finished() {
  if (--work_count_ != 0) return;
  // It can only fail if release_memory_ is in use: such a call is then pending.
  static_cast<void>(attempt([&] {
    boost::asio::post(context_, boost::asio::bind_allocator(handler_allocator<std::byte>(release_memory_), [this] {
                        if (work_count_ == 0) work_guard_.reset();
                      }));
  }));
}

void event_loop::shutdown() {
  timer_.cancel();
  end(std::chrono::steady_clock::now());
  if (poller_) poller_->shutdown();
  // With a completion port the io_context waits until there is no work.
  work_guard_.reset();
}

asio_operation::asio_operation() : loop_(loop::require_current().handle()) {}

void asio_operation::complete() {
  const auto finish = [self = shared_from_this()] {
    self->completed_ = true;
    if (self->waiting()) loop::current()->resume(*self);
  };
  if (loop::current() && loop::current()->handle() == loop_) return finish();
  // On the loop's thread this completion runs as a turn of the loop. On other threads it is posted to the loop.
  if (!loop_->ended() && loop_->on_loop_thread()) {
    auto& own_loop = static_cast<event_loop&>(loop_->target());
    if (own_loop.context().get_executor().running_in_this_thread()) {
      const loop::turn turn(own_loop, std::chrono::steady_clock::now());
      return finish();
    }
  }
  loop_->post(finish);
}

void asio_operation::drop() noexcept {
  // Only inside io_context::run(): an io_context that is destroyed resumes nothing.
  if (!started_ || loop_->ended() || !loop_->on_loop_thread() || !waiting()) return;
  auto& own_loop = static_cast<event_loop&>(loop_->target());
  if (!own_loop.context().get_executor().running_in_this_thread()) return;
  const loop::turn turn(own_loop, std::chrono::steady_clock::now());
  completed_ = true;
  own_loop.resume(*this);
}

void asio_operation::abandon() {
  set_waiting(nullptr);
  if (is_linked()) unlink();
  if (!completed_) cancel_signal_.emit(boost::asio::cancellation_type::terminal);
}

}  // namespace detail

inline namespace native {

boost::asio::any_io_executor current_executor() { return detail::event_loop::current().context().get_executor(); }

void spawn(const boost::asio::any_io_executor& executor, task<void> work) {
  detail::require_spawnable(work);
  spawn(executor, std::move(work), [](const std::exception_ptr& failure) { detail::rethrow(failure); });
}

void spawn(const boost::asio::any_io_executor& executor, task<void> work,
           std::function<void(std::exception_ptr)> done) {
  detail::require_spawnable(work);
  auto& context = static_cast<boost::asio::io_context&>(executor.context());
  auto& loop = detail::event_loop::of(context);
  // A task may wait for another thread without a pending operation on this context, so the task itself counts as work.
  auto end = [done = std::move(done),
              work_guard = boost::asio::make_work_guard(context)](const std::exception_ptr& failure) { done(failure); };
  // Allocated here, so that starting it on the loop cannot fail.
  struct prepared {
    explicit prepared(detail::detached_task work) : coroutine(work.coroutine) {
      // Belongs to the other loop.
      if (coroutine.promise().is_linked()) coroutine.promise().unlink();
    }
    prepared(const prepared&) = delete;
    prepared& operator=(const prepared&) = delete;
    ~prepared() {
      if (coroutine) coroutine.destroy();
    }
    decltype(detail::detached_task::coroutine) coroutine;
  };
  auto begin = std::make_shared<prepared>(detail::run_detached(std::move(work), std::move(end)));
  loop.post([begin = std::move(begin), &loop] {
    const auto coroutine = std::exchange(begin->coroutine, nullptr);
    loop.adopt(coroutine.promise());
    detail::trampoline::run(coroutine);
  });
}

void run(task<void> work) {
  boost::asio::io_context context(1);
  auto& loop = detail::event_loop::of(context);
  std::exception_ptr failure;
  // Tasks may wait for another thread without a pending operation on this context, so this guard keeps run() going.
  auto work_guard = std::make_optional(boost::asio::make_work_guard(context));
  {
    const detail::loop::turn turn(loop, std::chrono::steady_clock::now());
    // Not spawn(), which rejects tasks of lambdas with captures: here the captures outlive this call.
    const auto end = [&](std::exception_ptr thrown) {
      failure = std::move(thrown);
      loop.close();
      // In a later handler: an io_context stops as soon as it has no work, and operations of this turn are only started at
      // its end.
      boost::asio::post(context, [&work_guard] { work_guard.reset(); });
    };
    detail::trampoline::run(detail::run_detached(std::move(work), end).coroutine);
  }
  context.run();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace native

}  // namespace twinsocket
