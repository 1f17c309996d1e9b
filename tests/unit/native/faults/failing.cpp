#include "failing.hpp"

#include <execinfo.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>

namespace {

enum class membership : std::uint8_t { none, server, client };

thread_local membership of_this_thread = membership::none;
std::atomic<bool> armed{false};
std::atomic<bool> has_failed{false};
std::atomic<std::size_t> left{0};
std::atomic<resource> failing_resource{resource::memory};
std::atomic<membership> failing_side{membership::none};

membership of(side which) noexcept { return which == side::server ? membership::server : membership::client; }

}  // namespace

void this_thread_is(side which) noexcept { of_this_thread = of(which); }

void fail_at(resource what, side which, std::size_t number) noexcept {
  failing_resource = what;
  failing_side = of(which);
  has_failed = false;
  left = number;
  armed.store(true, std::memory_order_release);
}

bool stop_failing() noexcept {
  armed = false;
  return has_failed;
}

bool fails(resource what) noexcept {
  if (!armed.load(std::memory_order_acquire) || of_this_thread != failing_side || what != failing_resource)
    return false;
  if (left.fetch_sub(1) != 1) return false;
  armed = false;
  has_failed = true;
  // For debugging.
  static const bool tells = std::getenv("TWINSOCKET_FAULT_TRACE") != nullptr;
  if (tells) {
    void* frames[64];
    ::backtrace_symbols_fd(frames, ::backtrace(frames, 64), 2);
  }
  return true;
}
