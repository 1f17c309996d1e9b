#include "platform/quote_argument.hpp"

namespace twinsocket::app {

std::string quote_argument(std::string_view word) {
  if (!word.empty() && word.find_first_of(" \t\n\v\"") == std::string_view::npos) return std::string(word);
  std::string quoted = "\"";
  std::size_t backslashes = 0;
  for (const char c : word) {
    if (c == '\\') {
      ++backslashes;
      continue;
    }
    // Backslashes stand for themselves, except before a quote.
    quoted.append(c == '"' ? 2 * backslashes + 1 : backslashes, '\\').push_back(c);
    backslashes = 0;
  }
  return quoted.append(2 * backslashes, '\\') + '"';
}

}  // namespace twinsocket::app
