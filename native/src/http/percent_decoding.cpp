#include "http/percent_decoding.hpp"

#include <algorithm>

#include "url/percent.hpp"

namespace twinsocket::detail {

std::optional<std::string> percent_decode_strict(std::string_view text) {
  for (std::size_t i = text.find('%'); i != std::string_view::npos; i = text.find('%', i + 1))
    if (i + 2 >= text.size() || !hexadecimal(text[i + 1]) || !hexadecimal(text[i + 2])) return {};
  return percent_decode(text);
}

std::string form_decode(std::string_view text) {
  std::string spaced(text);
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  return percent_decode(spaced);
}

}  // namespace twinsocket::detail
