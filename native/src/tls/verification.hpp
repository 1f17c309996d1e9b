#pragma once

// Describes why the verification of a peer's certificate failed.

#include <openssl/ssl.h>

#include <string>

namespace twinsocket::detail {

/// The host that a client connects to ("" for a server), and what is wrong with the certificate of the peer.
struct verified_peer {
  std::string host;
  std::string complaint;  ///< "" if nothing is wrong.
};

/// The callback of SSL_CTX_set_verify(). Stores the first complaint.
[[nodiscard]] int verify_and_complain(int good, X509_STORE_CTX* chain);
/// Sets where verify_and_complain() stores the complaint of this connection. `peer` must outlive it.
void note_complaints(SSL* connection, verified_peer& peer);

/// Describes why the last OpenSSL call on this thread failed.
[[nodiscard]] std::string describe_tls_failure(const verified_peer& peer);

}  // namespace twinsocket::detail
