#include "platform/process_result.hpp"

#include <algorithm>

#include "sensors/valid_utf8.hpp"

namespace twinsocket::app {

error describe_kill(run_result how, const std::string& program, const process_limits& limits) {
  const std::string shown = "the program \"" + program + "\" ";
  if (how == run_result::timed_out)
    return {errc::timed_out, shown + "ran for more than " + std::to_string(limits.time().count()) + " ms"};
  if (how == run_result::output_too_large)
    return {errc::message_too_big, shown + "printed more than " + std::to_string(limits.output()) + " bytes"};
  return {errc::cancelled, shown + "was stopped"};
}

error describe_failure(const std::string& program, const std::string& end, const std::string& error_text) {
  std::string line = to_valid_utf8(error_text.substr(0, error_text.find_first_of("\r\n")));
  std::replace_if(
      line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
  return {errc::system, "the program \"" + program + "\" " + end + (line.empty() ? "" : ": " + line)};
}

}  // namespace twinsocket::app
