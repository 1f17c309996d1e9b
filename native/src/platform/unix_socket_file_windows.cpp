#include "platform/unix_socket_file.hpp"

#include <winsock2.h>
// After winsock2.h, which it needs.
#include <afunix.h>

#include <boost/system/error_code.hpp>
#include <cstring>
#include <tuple>
#include <utility>

#include "attempt.hpp"
#include "platform/unique_handle_windows.hpp"
#include "platform/unix_socket_path.hpp"
#include "platform/wide_text_windows.hpp"

namespace twinsocket::detail {

namespace {

// The category of Boost knows the text of each code.
error failed(const std::string& path, int code) {
  return {errc::system, "cannot listen on unix:" + path,
          boost::system::error_code(code, boost::system::system_category())};
}

unique_fd new_socket() {
  return unique_fd(static_cast<int>(
      ::WSASocketW(AF_UNIX, SOCK_STREAM, 0, nullptr, 0, WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT)));
}

// The reparse point of a socket file.
constexpr DWORD socket_file_tag = 0x80000023;

bool is_socket_file(const std::wstring& path) {
  WIN32_FIND_DATAW about{};
  const HANDLE found = ::FindFirstFileW(path.c_str(), &about);
  if (found == INVALID_HANDLE_VALUE) return false;
  ::FindClose(found);
  return (about.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0 && about.dwReserved0 == socket_file_tag;
}

// True if connecting fails because nobody listens.
bool is_stale(const sockaddr_un& address) {
  const unique_fd probe = new_socket();
  return probe &&
         ::connect(static_cast<SOCKET>(probe.get()), reinterpret_cast<const sockaddr*>(&address), sizeof address) !=
             0 &&
         ::WSAGetLastError() == WSAECONNREFUSED;
}

/// Identifies the socket file: the volume and the file. Zero if there is none.
std::pair<std::uint64_t, std::uint64_t> id_of(const std::string& path) {
  const unique_handle file(::CreateFileW(to_wide(path).c_str(), FILE_READ_ATTRIBUTES,
                                         FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr, OPEN_EXISTING,
                                         FILE_FLAG_OPEN_REPARSE_POINT | FILE_FLAG_BACKUP_SEMANTICS, nullptr));
  BY_HANDLE_FILE_INFORMATION about{};
  if (!file || !::GetFileInformationByHandle(file.get(), &about)) return {};
  return {about.dwVolumeSerialNumber, std::uint64_t{about.nFileIndexHigh} << 32 | about.nFileIndexLow};
}

result<void> remove_stale_socket(const std::string& path, const sockaddr_un& address) {
  const std::wstring wide = to_wide(path);
  if (::GetFileAttributesW(wide.c_str()) == INVALID_FILE_ATTRIBUTES) return {};
  if (!is_socket_file(wide))
    return error(errc::invalid_argument,
                 "cannot listen on unix:" + path + ": a file that is not a socket exists there");
  if (!is_stale(address)) return failed(path, WSAEADDRINUSE);
  if (!::DeleteFileW(wide.c_str())) return failed(path, static_cast<int>(::GetLastError()));
  return {};
}

}  // namespace

result<unix_socket_file> unix_socket_file::listen(const std::string& path, const std::optional<unsigned>& permissions) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  constexpr std::size_t longest = sizeof address.sun_path - 1;
  if (const auto fits = check_unix_socket_path(path, longest); !fits) return fits.error();
  if (permissions)
    return error(errc::unsupported,
                 "the permissions of unix:" + path + " cannot be set: on Windows they are those of the folder");
  std::memcpy(address.sun_path, path.data(), path.size());

  unix_socket_file made(new_socket(), path);
  const auto socket = static_cast<SOCKET>(made.socket());
  result<void> ready;
  if (!made.socket_ && ::WSAGetLastError() == WSAEAFNOSUPPORT) {
    ready = error(errc::unsupported, "cannot listen on unix:" + path + ": this system has no Unix-domain sockets");
  } else if (!made.socket_) {
    ready = failed(path, ::WSAGetLastError());
  }
  if (ready) ready = remove_stale_socket(path, address);
  if (ready && ::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    ready = failed(path, ::WSAGetLastError());
  if (!ready) {
    made.path_.clear();  // Not our file: remove() must leave it.
    return ready.error();
  }
  std::tie(made.device_, made.inode_) = id_of(path);
  if (::listen(socket, SOMAXCONN) != 0) return failed(path, ::WSAGetLastError());
  return made;
}

void unix_socket_file::remove() noexcept {
  if (!socket_ || path_.empty()) return;
  // Without memory the file stays: it is stale then.
  static_cast<void>(attempt([&] {
    if (id_of(path_) == std::pair(device_, inode_)) ::DeleteFileW(to_wide(path_).c_str());
  }));
  path_.clear();
  const unique_fd closed = std::move(socket_);
}

}  // namespace twinsocket::detail
