#pragma once

// Describes why the verification of a peer's certificate failed.

#include <openssl/ssl.h>

#include <string>

namespace twinsocket::detail {

/// The host that a client connects to ("" for a server), and what is wrong with the certificate of the peer.
struct peer_verification {
  std::string host;
  std::string failure;  ///< "" if nothing is wrong.
};

/// The callback of SSL_CTX_set_verify(). Stores the first complaint.
[[nodiscard]] int verify_callback(int good, X509_STORE_CTX* chain);
/// Sets where verify_callback() stores the complaint of this connection. `peer` must outlive it.
void attach_verification(SSL* connection, peer_verification& peer);

/// Describes why the last OpenSSL call on this thread failed.
[[nodiscard]] std::string describe_tls_failure(const peer_verification& peer);

}  // namespace twinsocket::detail
