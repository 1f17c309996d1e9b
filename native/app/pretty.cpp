#include "pretty.hpp"

#include <tinyxml2.h>

#include <nlohmann/json.hpp>
#include <string_view>

#include "twinsocket/json.hpp"

namespace twinsocket::app {

namespace {

constexpr std::string_view blanks = " \t\r\n";
constexpr std::size_t indent = 2;

// The position after the closing quote of the string that starts at `start`.
std::size_t end_of_string(std::string_view text, std::size_t start) {
  std::size_t at = start + 1;
  while (at < text.size() && text[at] != '"') at += text[at] == '\\' ? 2 : 1;
  return std::min(at + 1, text.size());
}

}  // namespace

// Parses only to validate. Printing the parsed document would sort its keys and reformat its numbers.
std::optional<std::string> pretty_json(const message& document) {
  if (!json.decode<nlohmann::json>(document)) return std::nullopt;
  const std::string_view text = document.text();
  std::string shown;
  std::size_t depth = 0;
  const auto new_line = [&] { shown.append(1, '\n').append(depth * indent, ' '); };
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    const std::size_t end = c == '"' ? end_of_string(text, at) : at + 1;
    if (c == '{' || c == '[') {
      const std::size_t next = text.find_first_not_of(blanks, end);
      if (next != text.npos && (text[next] == '}' || text[next] == ']')) {
        shown.append(1, c).append(1, text[next]);
        at = next + 1;
        continue;
      }
      shown += c;
      ++depth;
      new_line();
    } else if (c == '}' || c == ']') {
      --depth;
      new_line();
      shown += c;
    } else if (c == ',') {
      shown += c;
      new_line();
    } else if (c == ':') {
      shown += ": ";
    } else if (blanks.find(c) == blanks.npos) {
      shown.append(text, at, end - at);
    }
    at = end;
  }
  return shown;
}

std::optional<std::string> pretty_xml(const message& document) {
  if (!document.is_text()) return std::nullopt;
  tinyxml2::XMLDocument parsed;
  if (parsed.Parse(document.text().data(), document.size()) != tinyxml2::XML_SUCCESS || !parsed.RootElement())
    return std::nullopt;
  tinyxml2::XMLPrinter printer;
  parsed.Print(&printer);
  std::string shown = printer.CStr();
  while (!shown.empty() && shown.back() == '\n') shown.pop_back();
  return shown;
}

}  // namespace twinsocket::app
