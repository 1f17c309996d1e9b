#pragma once

// TLS on a client socket. OpenSSL reads and writes the socket itself.

#include <openssl/ssl.h>

#include <cstddef>
#include <memory>
#include <string_view>

namespace bench {

class tls {
 public:
  /// Performs the handshake on a blocking socket. Does not verify the server's certificate.
  explicit tls(int descriptor);

  // Same contract as the functions of client_socket.
  std::size_t write(std::string_view bytes);
  std::size_t read(char* to, std::size_t room);

 private:
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_;
};

}  // namespace bench
