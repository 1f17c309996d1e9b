#include "platform/arguments.hpp"

#include <windows.h>
// After windows.h, which it needs.
#include <shellapi.h>

#include <memory>

#include "platform/wide_text_windows.hpp"

namespace twinsocket::app {

namespace {

struct local_deleter {
  void operator()(wchar_t** words) const noexcept { ::LocalFree(words); }
};

}  // namespace

// main() is given the words in the code page of the system, which does not have all characters.
std::vector<std::string> arguments_of(int count, char** words) {
  int wide_count = 0;
  const std::unique_ptr<wchar_t*, local_deleter> wide(::CommandLineToArgvW(::GetCommandLineW(), &wide_count));
  if (!wide) return {words, words + count};
  std::vector<std::string> all;
  for (int i = 0; i < wide_count; ++i) all.push_back(detail::to_utf8(wide.get()[i]));
  return all;
}

}  // namespace twinsocket::app
