#pragma once

// Formats log entries of the server as logfmt.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "twinsocket/native/log.hpp"

namespace twinsocket::app {

/// Parses "error", "warning", "info" or "debug"; nullopt for anything else.
[[nodiscard]] std::optional<log_level> parse_log_level(std::string_view name);

/// One line in logfmt, with its newline: `time=2026-01-31T12:00:00.000Z level=info event="upgrade refused" detail="403 ..."
/// client=127.0.0.1:51234 target=/echo`. `time` is in milliseconds since 1970.
[[nodiscard]] std::string log_line(const log_entry& entry, std::int64_t time);

}  // namespace twinsocket::app
