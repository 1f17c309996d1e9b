#include "sensors/split_words.hpp"

namespace twinsocket::app {

namespace {

constexpr std::string_view white_space = " \t\r\n";
constexpr std::string_view shell_operators = "|&;<>";

error refusal(std::string_view line, std::string_view why) {
  return {errc::invalid_argument, "the command \"" + std::string(line) + "\" " + std::string(why)};
}

}  // namespace

result<std::vector<std::string>> split_words(std::string_view line) {
  if (line.find('\0') != std::string_view::npos) return refusal(line, "contains a NUL character");
  std::vector<std::string> words;
  std::size_t at = 0;
  while ((at = line.find_first_not_of(white_space, at)) != std::string_view::npos) {
    std::string word;
    bool quoted = false;
    for (; at < line.size() && white_space.find(line[at]) == std::string_view::npos; ++at) {
      const char c = line[at];
      if (c == '\\') {
        if (++at == line.size()) return refusal(line, "ends with a \\ that escapes nothing");
        word += line[at];
        quoted = true;
      } else if (c == '\'' || c == '"') {
        quoted = true;
        for (++at; at < line.size() && line[at] != c; ++at) {
          const bool escape =
              c == '"' && line[at] == '\\' && at + 1 < line.size() && (line[at + 1] == '"' || line[at + 1] == '\\');
          if (escape) ++at;
          word += line[at];
        }
        if (at == line.size()) return refusal(line, std::string("has an unclosed ") + c);
      } else {
        word += c;
      }
    }
    if (!quoted && word.find_first_not_of(shell_operators) == std::string_view::npos)
      return refusal(
          line, "is not run by a shell and cannot contain a bare " + word + "; quote it, or run a shell: sh -c '...'");
    words.push_back(std::move(word));
  }
  if (words.empty()) return refusal(line, "is empty");
  return words;
}

}  // namespace twinsocket::app
