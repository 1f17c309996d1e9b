#include "platform/stream_writer_windows.hpp"

#include <algorithm>
#include <boost/system/error_code.hpp>
#include <thread>
#include <utility>

namespace twinsocket::app {

namespace {

constexpr std::size_t max_text_size = 64 * 1024;

std::error_code write_all(HANDLE stream, std::string_view text) {
  while (!text.empty()) {
    DWORD count = 0;
    if (!::WriteFile(stream, text.data(), static_cast<DWORD>(text.size()), &count, nullptr))
      return boost::system::error_code(static_cast<int>(::GetLastError()), boost::system::system_category());
    text.remove_prefix(count);
  }
  return {};
}

}  // namespace

bool stream_writer::wait(std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, limit, [&] { return text_.empty(); });
}

std::size_t stream_writer::write(std::string_view text, std::error_code& failure) {
  const std::scoped_lock lock(mutex_);
  failure = failure_;
  if (failure_ || !text_.empty()) return 0;
  if (!started_) {
    try {
      // It runs as long as the process: a write may block for ever.
      std::thread([this] { run(); }).detach();
    } catch (const std::system_error& thrown) {
      failure = failure_ = thrown.code();
      return 0;
    }
    started_ = true;
  }
  text_ = text.substr(0, max_text_size);
  changed_.notify_all();
  return text_.size();
}

std::error_code stream_writer::failure() {
  const std::scoped_lock lock(mutex_);
  return failure_;
}

void stream_writer::notify(std::shared_ptr<async_event> event) {
  const std::scoped_lock lock(mutex_);
  if (text_.empty()) return event->set();
  event_ = std::move(event);
}

void stream_writer::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return !text_.empty(); });
    lock.unlock();
    const std::error_code failure = write_all(stream_, text_);
    lock.lock();
    text_.clear();
    failure_ = failure;
    if (event_) std::exchange(event_, nullptr)->set();
    changed_.notify_all();
  }
}

}  // namespace twinsocket::app
