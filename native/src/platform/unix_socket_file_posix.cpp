#include "platform/unix_socket_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>
#include <utility>

#include "platform/unix_socket_path.hpp"

namespace twinsocket::detail {

namespace {

using namespace std::chrono_literals;

// Prevents two servers from replacing the same stale socket file at the same time. Locks the folder, because the file is
// replaced. Continues without a lock if the folder cannot be locked.
class folder_lock {
 public:
  explicit folder_lock(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    const std::string folder = slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
    folder_ = unique_fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    for (int i = 0; i < attempts && folder_ && ::flock(folder_.get(), LOCK_EX | LOCK_NB) != 0; ++i)
      std::this_thread::sleep_for(10ms);
  }

 private:
  // Waits 1 s at most. Other servers hold the lock only for a moment.
  static constexpr int attempts = 100;

  unique_fd folder_;
};

error failed(const std::string& path) {
  return {errc::system, "cannot listen on unix:" + path, std::error_code(errno, std::system_category())};
}

unique_fd new_socket() {
  unique_fd made(::socket(AF_UNIX, SOCK_STREAM, 0));
  if (made) ::fcntl(made.get(), F_SETFD, FD_CLOEXEC);
  return made;
}

// True if connecting fails because nobody listens. A full accept queue counts as a listener.
bool is_stale(const sockaddr_un& address) {
  const unique_fd probe = new_socket();
  if (!probe) return false;
  ::fcntl(probe.get(), F_SETFL, O_NONBLOCK);
  return ::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 &&
         errno == ECONNREFUSED;
}

result<void> remove_stale_socket(const std::string& path, const sockaddr_un& address) {
  struct stat there {};
  if (::lstat(path.c_str(), &there) != 0) {
    if (errno == ENOENT) return {};
    return failed(path);
  }
  if (!S_ISSOCK(there.st_mode))
    return error(errc::invalid_argument,
                 "cannot listen on unix:" + path + ": a file that is not a socket exists there");
  if (!is_stale(address)) {
    errno = EADDRINUSE;
    return failed(path);
  }
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) return failed(path);
  return {};
}

}  // namespace

result<unix_socket_file> unix_socket_file::listen(const std::string& path, const std::optional<unsigned>& permissions) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  constexpr std::size_t longest = sizeof address.sun_path - 1;
  if (const auto fits = check_unix_socket_path(path, longest); !fits) return fits.error();
  if (permissions && *permissions > 0777)
    return error(errc::invalid_argument,
                 "the permissions of unix:" + path + " are " + std::to_string(*permissions) + ", at most 0777 (511)");
  std::memcpy(address.sun_path, path.data(), path.size());

  const folder_lock lock(path);
  if (const auto clear = remove_stale_socket(path, address); !clear) return clear.error();
  unix_socket_file made(new_socket(), path);
  const int socket = made.socket();
  if (!made.socket_ || ::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    error why = failed(path);
    made.path_.clear();  // Not our file: remove() must leave it.
    return why;
  }
  struct stat own {};
  if (::lstat(path.c_str(), &own) == 0) {
    made.device_ = own.st_dev;
    made.inode_ = own.st_ino;
  }
  // Before listen(), so that nobody can connect with the wrong permissions.
  if (permissions && ::chmod(path.c_str(), static_cast<mode_t>(*permissions)) != 0) return failed(path);
  if (::listen(socket, SOMAXCONN) != 0) return failed(path);
  return made;
}

void unix_socket_file::remove() noexcept {
  if (!socket_ || path_.empty()) return;
  struct stat there {};
  if (::lstat(path_.c_str(), &there) == 0 && there.st_dev == device_ && there.st_ino == inode_) ::unlink(path_.c_str());
  path_.clear();
  const unique_fd closed = std::move(socket_);
}

}  // namespace twinsocket::detail
