#include "platform/file_version.hpp"

#include <windows.h>

#include "platform/unique_handle_windows.hpp"
#include "platform/wide_text_windows.hpp"

namespace twinsocket::detail {

namespace {

std::uint64_t combine(DWORD high, DWORD low) noexcept { return std::uint64_t{high} << 32 | low; }

}  // namespace

file_version version_of_file(const std::string& path) {
  const unique_handle file(::CreateFileW(to_wide(path).c_str(), FILE_READ_ATTRIBUTES,
                                         FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr, OPEN_EXISTING,
                                         FILE_FLAG_BACKUP_SEMANTICS, nullptr));
  BY_HANDLE_FILE_INFORMATION about{};
  if (!file || !::GetFileInformationByHandle(file.get(), &about)) return {};
  // In units of 100 ns.
  const std::uint64_t changed = combine(about.ftLastWriteTime.dwHighDateTime, about.ftLastWriteTime.dwLowDateTime);
  constexpr std::uint64_t second = 10'000'000;
  return {about.dwVolumeSerialNumber, combine(about.nFileIndexHigh, about.nFileIndexLow),
          combine(about.nFileSizeHigh, about.nFileSizeLow), static_cast<std::int64_t>(changed / second),
          static_cast<std::int64_t>(changed % second * 100)};
}

}  // namespace twinsocket::detail
