#pragma once

#include "platform/process.hpp"
#include "sensors/source.hpp"

namespace twinsocket::app {

/// A source that runs a command for every read. The command line is split by split_words(), run by run_program(), and its
/// output is parsed by parse_readings(). The sample's text is the output, with U+FFFD for bytes that are not UTF-8. Fails if
/// the command line is malformed or the program cannot be found.
[[nodiscard]] result<std::unique_ptr<sensor_source>> make_command_source(std::string_view command_line,
                                                                         const process_limits& limits = {});

}  // namespace twinsocket::app
