#pragma once

// A listening Unix-domain socket and its file, which is created here and removed when the server stops.

#include <cstdint>
#include <optional>
#include <string>

#include "platform/unique_fd.hpp"
#include "twinsocket/error.hpp"

namespace twinsocket::detail {

class unix_socket_file {
 public:
  /// Listens on a path. Replaces a stale socket file, that is, one that no process listens on. If two servers do so at the
  /// same time, one of them succeeds. errc::system and errc::invalid_argument name the path.
  [[nodiscard]] static result<unix_socket_file> listen(const std::string& path,
                                                       const std::optional<unsigned>& permissions);

  unix_socket_file(unix_socket_file&& other) noexcept = default;
  unix_socket_file& operator=(unix_socket_file&&) = delete;
  ~unix_socket_file() { remove(); }

  [[nodiscard]] int socket() const noexcept { return socket_.get(); }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

  /// Stops listening, and removes the file unless another file has replaced it.
  void remove() noexcept;

 private:
  unix_socket_file(unique_fd socket, std::string path) : socket_(std::move(socket)), path_(std::move(path)) {}

  unique_fd socket_;
  std::string path_;
  std::uint64_t device_ = 0;
  std::uint64_t inode_ = 0;
};

}  // namespace twinsocket::detail
