#pragma once

// TLS on a client's socket, with OpenSSL reading and writing the socket itself.

#include <openssl/ssl.h>

#include <cstddef>
#include <memory>
#include <string_view>

namespace bench {

class tls {
 public:
  /// Makes the handshake on a socket that blocks. The server's certificate is not looked at.
  explicit tls(int descriptor);

  // As those of client_socket.
  std::size_t write(std::string_view bytes);
  std::size_t read(char* to, std::size_t room);

 private:
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_;
};

}  // namespace bench
