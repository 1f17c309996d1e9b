#include "transport/event_loop.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <chrono>

#include "twinsocket/native/asio.hpp"
#include "twinsocket/native/run.hpp"

namespace twinsocket {

namespace detail {

event_loop::event_loop(boost::asio::execution_context& context)
    : boost::asio::execution_context::service(context),
      context_(static_cast<boost::asio::io_context&>(context)),
      timer_(context_) {}

std::span<std::byte> event_loop::read_buffer() {
  if (!read_buffer_) read_buffer_.reset(new std::byte[read_buffer_size]);
  return {read_buffer_.get(), read_buffer_size};
}

void event_loop::wake() {
  boost::asio::post(context_, [this] { run_due(std::chrono::steady_clock::now()); });
}

void event_loop::wake_at(time_point when) {
  timer_.expires_at(when);
  if (when == time_point::max()) return;
  timer_.async_wait([this](const boost::system::error_code& failure) {
    if (!failure) run_due(std::chrono::steady_clock::now());
  });
}

void event_loop::shutdown() {
  timer_.cancel();
  while (!dwellers_.empty()) {
    loop_dweller& one = dwellers_.front();
    dwellers_.pop_front();
    one.loop_ends();
  }
  const turn last(*this, std::chrono::steady_clock::now());
  destroy_spawned();
}

resumer::resumer() : loop_(loop::current()) {}

void resumer::operator()(std::coroutine_handle<> waiting) const {
  if (!loop_) {
    trampoline::run(waiting);
    return;
  }
  const loop::turn turn(*loop_, std::chrono::steady_clock::now());
  trampoline::run(waiting);
}

}  // namespace detail

namespace native {

void spawn(const boost::asio::any_io_executor& executor, task<void> work) {
  auto& context = static_cast<boost::asio::io_context&>(executor.context());
  auto& loop = detail::event_loop::of(context);
  // A task that waits for another thread has no operation of this context's: it counts as work by itself.
  auto busy = boost::asio::make_work_guard(context);
  loop.post([work = std::make_shared<task<void>>(std::move(work)), busy = std::move(busy)]() mutable {
    twinsocket::spawn(std::move(*work), [busy = std::move(busy)](const std::exception_ptr& failure) {
      if (failure) std::terminate();
    });
  });
}

void run(task<void> work) {
  boost::asio::io_context context(1);
  auto& loop = detail::event_loop::of(context);
  std::exception_ptr failure;
  auto busy = boost::asio::make_work_guard(context);
  {
    const detail::loop::turn turn(loop, std::chrono::steady_clock::now());
    twinsocket::spawn(std::move(work), [&](std::exception_ptr thrown) {
      failure = std::move(thrown);
      busy.reset();
    });
  }
  context.run();
  {
    // What is left waits for something that nobody is there to do.
    const detail::loop::turn turn(loop, std::chrono::steady_clock::now());
    loop.destroy_spawned();
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace native

}  // namespace twinsocket
