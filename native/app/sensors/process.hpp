#pragma once

// Another program run for its output, with limits.

#include <chrono>
#include <cstddef>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "twinsocket/error.hpp"

namespace twinsocket::app {

/// How long a program may run and how much it may print.
class process_limits {
 public:
  /// From its start to its end: 10 s.
  process_limits& time(std::chrono::milliseconds limit) {
    time_ = limit;
    return *this;
  }
  [[nodiscard]] std::chrono::milliseconds time() const noexcept { return time_; }

  /// Bytes on its standard output: 1 MiB.
  process_limits& output(std::size_t bytes) {
    output_ = bytes;
    return *this;
  }
  [[nodiscard]] std::size_t output() const noexcept { return output_; }

 private:
  std::chrono::milliseconds time_{10'000};
  std::size_t output_ = 1024 * 1024;
};

/// The path of the program that `name` means: itself when there is a / in it, else the first in PATH.
[[nodiscard]] result<std::string> find_program(std::string_view name);

/// Runs `program` with `words` (the first is its own name for itself) and gives what it wrote to its standard output.
///
/// No shell is involved. Its standard input is empty, and no other file or socket of ours is open in it. It is the
/// leader of a process group of its own; when it ends, is stopped or passes a limit, the whole group is killed, and what
/// it left running with it. The end of the program counts, not that of its output.
///
/// An end by a signal or with another exit code than 0 is errc::system with the first line of its standard error;
/// the limits are errc::timed_out and errc::message_too_big; a requested `stop` is errc::cancelled.
[[nodiscard]] result<std::string> run_program(const std::string& program, const std::vector<std::string>& words,
                                              const process_limits& limits, const std::stop_token& stop);

}  // namespace twinsocket::app
