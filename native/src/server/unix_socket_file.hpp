#pragma once

// The file of a Unix-domain socket that a server listens on: made, and removed when it stops.

#include <sys/types.h>

#include <optional>
#include <string>

#include "server/file_handle.hpp"
#include "twinsocket/error.hpp"

namespace twinsocket::detail {

class unix_socket_file {
 public:
  /// Listens on a path, in the place of a socket file that nobody listens on. Of two servers that do so at the same time one
  /// gets it. errc::system and errc::invalid_argument name the path.
  [[nodiscard]] static result<unix_socket_file> listen(const std::string& path, const std::optional<unsigned>& permissions);

  unix_socket_file(unix_socket_file&& other) noexcept = default;
  unix_socket_file& operator=(unix_socket_file&&) = delete;
  ~unix_socket_file() { remove(); }

  [[nodiscard]] int socket() const noexcept { return socket_.number(); }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

  /// Stops to listen here, and removes the file unless another one has taken its place.
  void remove() noexcept;

 private:
  unix_socket_file(file_handle socket, std::string path) : socket_(std::move(socket)), path_(std::move(path)) {}

  file_handle socket_;
  std::string path_;
  dev_t device_ = 0;
  ino_t inode_ = 0;
};

}  // namespace twinsocket::detail
