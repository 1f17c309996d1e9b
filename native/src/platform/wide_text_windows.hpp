#pragma once

#include <windows.h>

#include <string>
#include <string_view>

namespace twinsocket::detail {

/// UTF-8 as UTF-16, as the functions of Windows take it. Empty if `text` is not valid UTF-8.
inline std::wstring to_wide(std::string_view text) {
  const int size = static_cast<int>(text.size());
  const int needed = ::MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, text.data(), size, nullptr, 0);
  std::wstring wide(static_cast<std::size_t>(needed), L'\0');
  if (needed > 0) ::MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, text.data(), size, wide.data(), needed);
  return wide;
}

/// UTF-16 as UTF-8. An unpaired surrogate becomes U+FFFD.
inline std::string to_utf8(std::wstring_view wide) {
  const int size = static_cast<int>(wide.size());
  const int needed = ::WideCharToMultiByte(CP_UTF8, 0, wide.data(), size, nullptr, 0, nullptr, nullptr);
  std::string text(static_cast<std::size_t>(needed), '\0');
  if (needed > 0) ::WideCharToMultiByte(CP_UTF8, 0, wide.data(), size, text.data(), needed, nullptr, nullptr);
  return text;
}

}  // namespace twinsocket::detail
