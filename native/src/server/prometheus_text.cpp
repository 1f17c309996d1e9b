#include "server/prometheus_text.hpp"

#include <array>
#include <cmath>

#include "codec/number.hpp"

namespace twinsocket::detail {

namespace {

void append_escaped(std::string& to, std::string_view text, bool quote_for_error) {
  for (const char c : text) {
    if (c == '\n') {
      to += "\\n";
    } else {
      if (c == '\\' || (quote_for_error && c == '"')) to += '\\';
      to += c;
    }
  }
}

}  // namespace

void prometheus_text::family(std::string_view name, std::string_view type, std::string_view help) {
  name_ = name;
  text_.append("# HELP ").append(name).append(" ");
  append_escaped(text_, help, false);
  text_.append("\n# TYPE ").append(name).append(" ").append(type).append("\n");
}

void prometheus_text::sample(std::string_view suffix, std::initializer_list<label> labels, double value) {
  text_.append(name_).append(suffix);
  char separator = '{';
  for (const auto& [name, text] : labels) {
    text_ += separator;
    text_.append(name).append("=\"");
    append_escaped(text_, text, true);
    text_ += '"';
    separator = ',';
  }
  if (labels.size() != 0) text_ += '}';
  text_.append(" ").append(format_number(value)).append("\n");
}

std::string format_number(double value) {
  if (!std::isfinite(value)) return std::isnan(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
  std::array<char, number_room> digits;
  return std::string(write_json_number(digits.data(), value));
}

}  // namespace twinsocket::detail
