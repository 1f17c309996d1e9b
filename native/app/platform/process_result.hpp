#pragma once

// What a run of a program has in common on all systems: its limits, and the texts of its errors.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "platform/process.hpp"

namespace twinsocket::app {

/// How many bytes of a program's standard error are kept for the error message.
inline constexpr std::size_t max_error_text_size = 1024;

/// Longer time limits are reduced to this, so that adding them to the clock does not overflow.
inline constexpr std::chrono::hours max_run_time{24 * 365};

enum class run_result : std::uint8_t { ended, stopped, timed_out, output_too_large };

/// The error of a program that did not end by itself. `how` is not run_result::ended.
[[nodiscard]] error describe_kill(run_result how, const std::string& program, const process_limits& limits);

/// The error of a program that failed. `end` says how, `error_text` is its standard error, whose first line is shown.
[[nodiscard]] error describe_failure(const std::string& program, const std::string& end, const std::string& error_text);

}  // namespace twinsocket::app
