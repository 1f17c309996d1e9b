#include "platform/program_path.hpp"

#include <windows.h>

#include <string>

namespace twinsocket::app {

std::filesystem::path program_path() {
  constexpr DWORD longest = 32'768;
  std::wstring path(longest, L'\0');
  path.resize(::GetModuleFileNameW(nullptr, path.data(), longest));
  return path;
}

}  // namespace twinsocket::app
