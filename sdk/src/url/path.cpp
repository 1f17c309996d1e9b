#include "url/path.hpp"

#include "url/percent.hpp"

namespace twinsocket::detail {

namespace {

// Takes ".", written plainly or as "%2e".
bool take_dot(std::string_view& text) {
  if (text.starts_with('.')) return text.remove_prefix(1), true;
  if (text.size() >= 3 && text.starts_with("%2") && (text[2] == 'e' || text[2] == 'E'))
    return text.remove_prefix(3), true;
  return false;
}

// 1 for ".", 2 for "..", 0 for any other segment.
int dots(std::string_view segment) {
  int count = 0;
  while (count < 3 && take_dot(segment)) ++count;
  return segment.empty() && count < 3 ? count : 0;
}

}  // namespace

std::string normalize_path(std::string_view base, std::string_view text) {
  // Without the last segment and the slash before it.
  std::string out(base.substr(0, base.empty() ? 0 : base.rfind('/')));
  for (;;) {
    const std::size_t end = text.find_first_of("/\\");
    const bool is_last = end == std::string_view::npos;
    const std::string_view segment = text.substr(0, end);
    if (const int count = dots(segment); count == 0) {
      out += '/';
      percent_encode(segment, percent_set::path, out);
    } else {
      if (count == 2 && !out.empty()) out.erase(out.rfind('/'));
      if (is_last) out += '/';
    }
    if (is_last) return out;
    text.remove_prefix(end + 1);
  }
}

}  // namespace twinsocket::detail
