#include "output.hpp"

#include <algorithm>
#include <chrono>

namespace twinsocket::app {

namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

constexpr auto write_timeout = 250ms;
constexpr std::size_t max_buffered = 64 * 1024;

error cannot_write(const char* name, std::error_code why) {
  return {errc::system, std::string(name) + " cannot be written", why};
}

}  // namespace

result<void> output::write(std::string_view text) {
  const std::lock_guard lock(mutex_);
  if (buffered_.size() + text.size() > max_buffered && !flush() && !buffered_.empty()) {
    fail(std::make_error_code(std::errc::timed_out));
    return failure_;
  }
  buffered_ += text;
  static_cast<void>(flush());
  if (failure_.code() != errc::ok) return failure_;
  return {};
}

bool output::failed() const {
  const std::lock_guard lock(mutex_);
  std::error_code failure;
  const bool written = wait_written(stream_, write_timeout, failure);
  return failure_.code() != errc::ok || !buffered_.empty() || !written || failure;
}

bool output::flush() {
  const auto until = clock::now() + (stalled_ ? 0ms : write_timeout);
  std::size_t written = 0;
  stalled_ = false;
  while (written < buffered_.size() && !stalled_) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - clock::now());
    stalled_ = !wait_writable(stream_, std::max(left, std::chrono::milliseconds(0)));
    if (stalled_) break;
    std::error_code failure;
    written += write_some(stream_, std::string_view(buffered_).substr(written), failure);
    if (failure) {
      fail(failure);
      written = buffered_.size();
    }
  }
  buffered_.erase(0, written);
  return buffered_.empty();
}

void output::fail(std::error_code why) {
  if (failure_.code() == errc::ok) failure_ = cannot_write(name_, why);
}

output& standard_output() {
  static output out(standard_stream::output, "standard output");
  return out;
}

output& standard_error() {
  static output out(standard_stream::error, "standard error");
  return out;
}

task<result<void>> async_output::write(std::string text) {
  for (std::size_t written = 0; written < text.size();) {
    if (stopped_) co_return error(errc::cancelled, "standard output accepts no data");
    std::error_code failure;
    if (!wait_writable(standard_stream::output, 0ms)) {
      failure = co_await watcher_.wait_writable();
      // Streams that cannot be waited for, such as files, are always ready.
      if (failure && !stopped_) co_return cannot_write("standard output", failure);
      continue;
    }
    written += write_some(standard_stream::output, std::string_view(text).substr(written), failure);
    if (failure) co_return cannot_write("standard output", failure);
  }
  co_return result<void>();
}

void async_output::stop() {
  stopped_ = true;
  watcher_.stop();
}

}  // namespace twinsocket::app
