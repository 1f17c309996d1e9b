#pragma once

// A client's socket, of which only the opening handshake is more than bytes.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "tls.hpp"

namespace bench {

/// Where a WebSocket is opened on 127.0.0.1.
struct target {
  std::uint16_t port = 0;
  std::string path = "/echo";
  bool secure = false;  ///< Over TLS.
};

class client_socket {
 public:
  /// Connects and opens a WebSocket; blocking, and so is the socket.
  explicit client_socket(const target& server);
  client_socket(client_socket&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)), tls_(std::move(other.tls_)) {}
  client_socket& operator=(client_socket&&) = delete;
  ~client_socket();

  void make_nonblocking();
  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }

  /// How many bytes were taken: none when a socket that does not block cannot take any now.
  std::size_t write(std::string_view bytes);
  /// How many bytes came: none when there are none now. Ends the program when the server has closed.
  std::size_t read(char* to, std::size_t room);

 private:
  int descriptor_;
  std::optional<tls> tls_;
};

}  // namespace bench
