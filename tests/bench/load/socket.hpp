#pragma once

// A client's socket, of which only the opening handshake is more than bytes.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace bench {

class client_socket {
 public:
  /// Connects to 127.0.0.1 and opens a WebSocket there; blocking, and so is the socket.
  client_socket(std::uint16_t port, const std::string& path);
  client_socket(client_socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
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
};

}  // namespace bench
