#include "platform/standard_streams.hpp"

#include <windows.h>

#include <array>
#include <boost/system/error_code.hpp>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "platform/stream_writer_windows.hpp"
#include "platform/wide_text_windows.hpp"
#include "twinsocket/async_event.hpp"

namespace twinsocket::app {

namespace {

HANDLE handle_of(standard_stream which) {
  constexpr std::array names{STD_INPUT_HANDLE, STD_OUTPUT_HANDLE, STD_ERROR_HANDLE};
  return ::GetStdHandle(names[static_cast<std::size_t>(which)]);
}

bool is_console(HANDLE stream) {
  DWORD mode = 0;
  return ::GetConsoleMode(stream, &mode) != 0;
}

// Never destroyed, because their threads run as long as the process.
stream_writer& writer_of(standard_stream which) {
  static auto& output = *new stream_writer(handle_of(standard_stream::output));
  static auto& error = *new stream_writer(handle_of(standard_stream::error));
  return which == standard_stream::output ? output : error;
}

// The console belongs to the shell, too, which expects its own code page back.
class console_code_page {
 public:
  console_code_page() : before_(::GetConsoleOutputCP()) { ::SetConsoleOutputCP(CP_UTF8); }
  console_code_page(const console_code_page&) = delete;
  console_code_page& operator=(const console_code_page&) = delete;
  ~console_code_page() { ::SetConsoleOutputCP(before_); }

 private:
  UINT before_;
};

struct input_chunk {
  std::string bytes;
  bool at_end = false;
  std::error_code failure{};
};

// The category of Boost knows the text of each code.
std::error_code last_error() {
  return boost::system::error_code(static_cast<int>(::GetLastError()), boost::system::system_category());
}

// Ctrl-Z at the beginning of a line ends the input of a console. Ctrl-C ends a read without text.
input_chunk read_console(HANDLE console) {
  std::wstring wide(16'384, L'\0');
  DWORD count = 0;
  if (!::ReadConsoleW(console, wide.data(), static_cast<DWORD>(wide.size()), &count, nullptr)) {
    if (::GetLastError() == ERROR_OPERATION_ABORTED) return {};
    return {{}, false, last_error()};
  }
  wide.resize(count);
  return {detail::to_utf8(wide), wide.starts_with(L'\x1a')};
}

input_chunk read_bytes(HANDLE stream) {
  input_chunk chunk{std::string(65'536, '\0')};
  DWORD count = 0;
  const BOOL read = ::ReadFile(stream, chunk.bytes.data(), static_cast<DWORD>(chunk.bytes.size()), &count, nullptr);
  chunk.bytes.resize(count);
  chunk.at_end = count == 0;
  if (!read && ::GetLastError() != ERROR_BROKEN_PIPE && ::GetLastError() != ERROR_HANDLE_EOF)
    chunk.failure = last_error();
  return chunk;
}

/// Reads on a thread of its own, because a read blocks. The thread reads when it is asked to.
struct input_reader {
  void run() {
    const HANDLE stream = handle_of(standard_stream::input);
    const bool console = is_console(stream);
    std::unique_lock lock(mutex);
    for (;;) {
      changed.wait(lock, [&] { return wanted || stopped; });
      if (stopped) return;
      lock.unlock();
      input_chunk chunk = console ? read_console(stream) : read_bytes(stream);
      lock.lock();
      read = std::move(chunk);
      wanted = false;
      ready.set();
    }
  }

  std::mutex mutex;
  std::condition_variable changed;
  bool wanted = false;
  bool stopped = false;
  input_chunk read;
  async_event ready;
};

// Lines of Windows end with CR and LF.
void append_lines(std::string_view bytes, std::string& to) {
  for (const char c : bytes) {
    if (c == '\n' && to.ends_with('\r')) to.pop_back();
    to.push_back(c);
  }
}

}  // namespace

void prepare_standard_streams() { static const console_code_page utf8; }

bool is_terminal(standard_stream which) { return is_console(handle_of(which)); }

bool wait_writable(standard_stream which, std::chrono::milliseconds limit) { return writer_of(which).wait(limit); }

std::size_t write_some(standard_stream which, std::string_view text, std::error_code& failure) {
  return writer_of(which).write(text, failure);
}

bool wait_written(standard_stream which, std::chrono::milliseconds limit, std::error_code& failure) {
  const bool done = writer_of(which).wait(limit);
  failure = writer_of(which).failure();
  return done;
}

class standard_input::implementation {
 public:
  implementation() {
    try {
      // A blocked read cannot be ended, so the thread may outlive this object.
      std::thread([reader = reader_] { reader->run(); }).detach();
    } catch (const std::system_error& thrown) {
      thread_failure_ = thrown.code();
    }
  }
  ~implementation() { stop(); }

  task<result<bool>> read(std::string& to) {
    if (thread_failure_) co_return cannot_read(thread_failure_);
    {
      const std::scoped_lock lock(reader_->mutex);
      if (reader_->read.at_end) co_return false;
      if (!reader_->stopped) reader_->ready.reset();
      reader_->wanted = true;
      reader_->changed.notify_all();
    }
    co_await reader_->ready.wait();
    const std::scoped_lock lock(reader_->mutex);
    if (reader_->stopped) co_return error(errc::closed, "reading of standard input was stopped");
    const input_chunk& chunk = reader_->read;
    if (chunk.failure) co_return cannot_read(chunk.failure);
    if (!chunk.at_end) append_lines(chunk.bytes, to);
    co_return !chunk.at_end;
  }

  void stop() {
    const std::scoped_lock lock(reader_->mutex);
    reader_->stopped = true;
    reader_->ready.set();
    reader_->changed.notify_all();
  }

 private:
  static error cannot_read(std::error_code cause) { return {errc::system, "standard input cannot be read", cause}; }

  std::shared_ptr<input_reader> reader_ = std::make_shared<input_reader>();
  std::error_code thread_failure_;
};

standard_input::standard_input(boost::asio::io_context&) : implementation_(std::make_unique<implementation>()) {}
standard_input::~standard_input() = default;
task<result<bool>> standard_input::read(std::string& to) { return implementation_->read(to); }
void standard_input::stop() { implementation_->stop(); }

class output_watcher::implementation {
 public:
  task<std::error_code> wait_writable() {
    ready_->reset();
    writer_of(standard_stream::output).notify(ready_);
    if (stopped_.is_set()) ready_->set();
    co_await ready_->wait();
    co_return std::error_code();
  }

  // Windows tells that a reader is gone to a write only.
  task<bool> wait_for_reader_exit() {
    co_await stopped_.wait();
    co_return false;
  }

  void stop() {
    stopped_.set();
    ready_->set();
  }

 private:
  const std::shared_ptr<async_event> ready_ = std::make_shared<async_event>();
  async_event stopped_;
};

output_watcher::output_watcher(boost::asio::io_context&) : implementation_(std::make_unique<implementation>()) {}
output_watcher::~output_watcher() = default;
task<std::error_code> output_watcher::wait_writable() { return implementation_->wait_writable(); }
task<bool> output_watcher::wait_for_reader_exit() { return implementation_->wait_for_reader_exit(); }
void output_watcher::stop() { implementation_->stop(); }

}  // namespace twinsocket::app
