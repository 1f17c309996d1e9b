#pragma once

// The text of an exception, for the log.

#include <exception>
#include <string>

namespace twinsocket::detail {

/// Describes the exception that is being handled. Never empty, so that an empty text means "no exception". Call it only
/// in a catch block.
inline std::string exception_text() {
  try {
    throw;
  } catch (const std::exception& thrown) {
    const std::string text = thrown.what();
    return text.empty() ? "an exception without a text was thrown" : text;
  } catch (...) {
    return "an exception that is not a std::exception was thrown";
  }
}

}  // namespace twinsocket::detail
