#pragma once

// A process whose output is read, and that is killed together with all processes that it has started.

#include <windows.h>

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "platform/unique_handle_windows.hpp"

namespace twinsocket::app {

/// The read end of a pipe, with a read that is always pending.
class pipe_reader {
 public:
  pipe_reader() = default;
  pipe_reader(const pipe_reader&) = delete;
  pipe_reader& operator=(const pipe_reader&) = delete;
  ~pipe_reader();

  /// Creates the pipe. `write_end` can be inherited.
  [[nodiscard]] std::error_code open(detail::unique_handle& write_end);
  /// Call it once a process has the write end.
  void start();

  /// Set when read() does not wait.
  [[nodiscard]] HANDLE event() const noexcept { return event_.get(); }
  [[nodiscard]] bool is_ready() const noexcept { return ::WaitForSingleObject(event_.get(), 0) == WAIT_OBJECT_0; }
  /// Appends at most `room` bytes and drops the rest. False at the end: the event is not set any more.
  [[nodiscard]] bool read(std::string& to, std::size_t room);

 private:
  detail::unique_handle pipe_;
  detail::unique_handle event_;
  OVERLAPPED pending_{};
  std::array<char, 65'536> chunk_{};
};

class child_process {
 public:
  /// Starts the program. Its standard input is empty, and it inherits only the write ends of the two pipes.
  [[nodiscard]] std::error_code start(const std::string& program, const std::vector<std::string>& words);

  [[nodiscard]] HANDLE process() const noexcept { return process_.get(); }
  /// Kills the process and those that it has started, and waits for its end.
  void kill_all() noexcept;
  /// Call it after the end.
  [[nodiscard]] DWORD exit_code() const noexcept;

  pipe_reader output;
  pipe_reader error_text;

 private:
  detail::unique_handle job_;  // Closing it kills the processes.
  detail::unique_handle process_;
};

}  // namespace twinsocket::app
