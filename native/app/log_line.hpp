#pragma once

// What the server tells, as lines for people and for the programs that read them.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "twinsocket/native/log.hpp"

namespace twinsocket::app {

/// "error", "warning", "info" or "debug".
[[nodiscard]] std::optional<log_level> parse_log_level(std::string_view name);

/// One line in logfmt, with its end: `time=2026-01-31T12:00:00.000Z level=info event="upgrade refused" detail="403 ..."
/// client=127.0.0.1:51234 target=/echo`. `time` is in milliseconds since 1970.
[[nodiscard]] std::string log_line(const log_entry& entry, std::int64_t time);

}  // namespace twinsocket::app
