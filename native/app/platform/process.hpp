#pragma once

// Runs a program and captures its output, with limits on time and size.

#include <chrono>
#include <cstddef>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "twinsocket/error.hpp"

namespace twinsocket::app {

/// Limits on the run time and the output of a program.
class process_limits {
 public:
  /// Longest run time. Default: 10 s.
  process_limits& time(std::chrono::milliseconds limit) {
    time_ = limit;
    return *this;
  }
  [[nodiscard]] std::chrono::milliseconds time() const noexcept { return time_; }

  /// Most bytes on its standard output. Default: 1 MiB.
  process_limits& output(std::size_t bytes) {
    output_ = bytes;
    return *this;
  }
  [[nodiscard]] std::size_t output() const noexcept { return output_; }

 private:
  std::chrono::milliseconds time_{10'000};
  std::size_t output_ = 1024 * 1024;
};

/// The path of the program `name`: `name` itself if it contains a /, else the first match in PATH. Fails with
/// errc::invalid_argument if there is no such executable.
[[nodiscard]] result<std::string> find_program(std::string_view name);

/// Runs `program` with the arguments `words` (the first one is argv[0]) and returns its standard output. Blocks.
///
/// No shell is involved. Standard input is empty, and the program inherits no other descriptors. It leads its own process
/// group. When it ends, is stopped or exceeds a limit, the whole group is killed, including processes that it left running.
/// The call returns when the program ends, even if its output is still open elsewhere.
///
/// Fails with errc::system and the first line of its standard error if it is ended by a signal or with an exit code other
/// than 0, with errc::timed_out or errc::message_too_big at a limit, and with errc::cancelled when `stop` is requested.
[[nodiscard]] result<std::string> run_program(const std::string& program, const std::vector<std::string>& words,
                                              const process_limits& limits, const std::stop_token& stop);

}  // namespace twinsocket::app
