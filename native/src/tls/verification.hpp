#pragma once

// Which check of a peer's certificate failed, in words for people.

#include <openssl/ssl.h>

#include <string>

namespace twinsocket::detail {

/// Whom a client wants to talk to, or "" for a server, and what is wrong with the certificate that it was shown.
struct verified_peer {
  std::string host;
  std::string complaint;  ///< "" as long as nothing is wrong.
};

/// SSL_CTX_set_verify's callback: notes the first complaint.
[[nodiscard]] int verify_and_complain(int good, X509_STORE_CTX* chain);
/// What verify_and_complain() finds on this connection goes there.
void note_complaints(SSL* connection, verified_peer& peer);

/// Why the last call of OpenSSL's in this thread failed.
[[nodiscard]] std::string describe_tls_failure(const verified_peer& peer);

}  // namespace twinsocket::detail
