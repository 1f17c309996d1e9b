#pragma once

#include "sensors/process.hpp"
#include "sensors/source.hpp"

namespace twinsocket::app {

/// Readings that a command prints. The command line is cut into words as split_words says, run anew for every read as
/// run_program says, and its output is understood as parse_readings says. The sample's text is the output itself, with
/// U+FFFD for bytes that are not UTF-8. A program that cannot be found is an error here already.
[[nodiscard]] result<std::unique_ptr<sensor_source>> make_command_source(std::string_view command_line,
                                                                         const process_limits& limits = {});

}  // namespace twinsocket::app
