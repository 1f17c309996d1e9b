#include "platform/windows_file_name.hpp"

#include <algorithm>
#include <array>

#include "ascii.hpp"

namespace twinsocket::detail {

namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

bool equals_ignoring_case(std::string_view name, std::string_view lower) noexcept {
  return std::equal(name.begin(), name.end(), lower.begin(), lower.end(),
                    [](char a, char b) { return ascii_lower(a) == b; });
}

// Windows ignores what follows the first dot or colon of a device's name, and spaces before it.
bool is_device(std::string_view name) noexcept {
  std::string_view base = name.substr(0, name.find_first_of(".:"));
  base = base.substr(0, base.find_last_not_of(' ') + 1);
  constexpr std::array<std::string_view, 7> devices{"con", "prn", "aux", "nul", "conin$", "conout$", "clock$"};
  if (std::any_of(devices.begin(), devices.end(), [&](auto one) { return equals_ignoring_case(base, one); }))
    return true;
  if (!equals_ignoring_case(base.substr(0, 3), "com") && !equals_ignoring_case(base.substr(0, 3), "lpt")) return false;
  const std::string_view number = base.substr(3);
  // The superscript digits of ISO 8859-1 are digits here.
  return (number.size() == 1 && is_digit(number[0])) || number == "\u00b9" || number == "\u00b2" || number == "\u00b3";
}

// 8.3 names that Windows generates for longer names: up to 8 characters that end with ~ and a number, and an extension of up
// to 3.
bool is_short_name(std::string_view name) noexcept {
  const std::string_view base = name.substr(0, name.find('.'));
  const std::size_t tilde = base.rfind('~');
  const bool has_short_size = base.size() <= 8 && name.size() <= base.size() + 4;
  if (tilde == std::string_view::npos || !has_short_size || name.find('.', base.size() + 1) != std::string_view::npos)
    return false;
  const std::string_view number = base.substr(tilde + 1);
  return !number.empty() && std::all_of(number.begin(), number.end(), is_digit);
}

bool is_forbidden(char c) noexcept {
  return static_cast<unsigned char>(c) < ' ' || std::string_view("<>:\"/\\|?*").find(c) != std::string_view::npos;
}

}  // namespace

bool is_windows_file_name(std::string_view name) noexcept {
  if (name.empty() || name.ends_with('.') || name.ends_with(' ')) return false;
  return std::none_of(name.begin(), name.end(), is_forbidden) && !is_device(name) && !is_short_name(name);
}

}  // namespace twinsocket::detail
