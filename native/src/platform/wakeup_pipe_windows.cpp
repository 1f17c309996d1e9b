#include "platform/wakeup_pipe.hpp"

#include <windows.h>

#include <boost/asio/windows/basic_object_handle.hpp>
#include <utility>

#include "platform/unique_handle_windows.hpp"
#include "twinsocket/native/asio.hpp"

namespace twinsocket::detail {

struct wakeup_pipe::ends {
  unique_handle event;
};

wakeup_pipe::wakeup_pipe() {
  unique_handle event(::CreateEventW(nullptr, TRUE, FALSE, nullptr));
  if (event) ends_ = std::make_unique<ends>(ends{std::move(event)});
}

wakeup_pipe::~wakeup_pipe() = default;

void wakeup_pipe::notify() noexcept { ::SetEvent(ends_->event.get()); }

task<void> wakeup_pipe::wait(boost::asio::io_context& context) {
  // A handle of its own, because Asio closes it.
  const HANDLE self = ::GetCurrentProcess();
  HANDLE own = nullptr;
  if (!::DuplicateHandle(self, ends_->event.get(), self, &own, 0, FALSE, DUPLICATE_SAME_ACCESS)) co_return;
  boost::asio::windows::basic_object_handle<boost::asio::io_context::executor_type> event(context, own);
  [[maybe_unused]] const auto failure = co_await event.async_wait(native::use_task);
}

void wakeup_pipe::drain() noexcept { ::ResetEvent(ends_->event.get()); }

}  // namespace twinsocket::detail
