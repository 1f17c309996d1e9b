// The file is opened first, and then asked for its path: what has the wrong path is not served, whatever links led there.

#include "platform/open_beneath.hpp"

#include <windows.h>

#include <algorithm>
#include <string_view>

#include "platform/unique_handle_windows.hpp"
#include "platform/wide_text_windows.hpp"
#include "platform/windows_file_name.hpp"

namespace twinsocket::detail {

namespace {

using kind = opened_file::kind;

opened_file failed(DWORD code) {
  opened_file f;
  if (code == ERROR_ACCESS_DENIED) f.what = kind::forbidden;
  if (code == ERROR_TOO_MANY_OPEN_FILES || code == ERROR_NOT_ENOUGH_MEMORY || code == ERROR_NO_SYSTEM_RESOURCES)
    f.what = kind::exhausted;
  return f;
}

bool is_plain_name(const std::string& segment) { return !segment.starts_with('.') && is_windows_file_name(segment); }

// Directories need FILE_FLAG_BACKUP_SEMANTICS.
unique_handle open_path(const std::wstring& path) {
  return unique_handle(::CreateFileW(path.c_str(), GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                                     nullptr, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, nullptr));
}

// The path as the file system spells it, without links: "\\?\C:\folder\file". Empty on an error.
std::wstring final_path(const unique_handle& file) {
  std::wstring path;
  DWORD size = MAX_PATH;
  while (size > path.size()) {
    path.resize(size);
    size = ::GetFinalPathNameByHandleW(file.get(), path.data(), size, FILE_NAME_NORMALIZED);
  }
  path.resize(size);
  return path;
}

// FILETIME begins at 1601-01-01 and has units of 100 ns.
file_time to_time(const FILETIME& time) {
  constexpr std::int64_t epoch_seconds = 11'644'473'600;
  constexpr std::uint64_t second = 10'000'000;
  const std::uint64_t since = std::uint64_t{time.dwHighDateTime} << 32 | time.dwLowDateTime;
  return {static_cast<std::int64_t>(since / second) - epoch_seconds, static_cast<std::int64_t>(since % second * 100)};
}

}  // namespace

opened_file open_beneath(const std::string& folder, std::span<const std::string> segments) {
  if (!std::all_of(segments.begin(), segments.end(), is_plain_name)) return {};
  const unique_handle base = open_path(to_wide(folder));
  if (!base) return failed(::GetLastError());
  // A path that begins with "\\?\" has no devices, and Windows changes nothing in it.
  std::wstring wanted = final_path(base);
  if (wanted.ends_with(L'\\')) wanted.pop_back();
  for (const std::string& segment : segments) {
    const std::wstring name = to_wide(segment);
    if (name.empty()) return {};
    wanted.append(L"\\").append(name);
  }
  unique_handle file = open_path(wanted);
  if (!file) return failed(::GetLastError());
  // A link, a short name or another case leads to another path.
  if (final_path(file) != wanted || ::GetFileType(file.get()) != FILE_TYPE_DISK) return {};

  BY_HANDLE_FILE_INFORMATION about{};
  if (!::GetFileInformationByHandle(file.get(), &about)) return failed(::GetLastError());
  opened_file f;
  f.what = (about.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0 ? kind::folder : kind::file;
  f.size = std::uint64_t{about.nFileSizeHigh} << 32 | about.nFileSizeLow;
  f.modified = to_time(about.ftLastWriteTime);
  f.file = input_file(reinterpret_cast<std::intptr_t>(file.release()));
  return f;
}

}  // namespace twinsocket::detail
