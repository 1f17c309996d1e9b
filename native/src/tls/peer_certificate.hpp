#pragma once

// Reads the fields of an OpenSSL certificate.

#include <openssl/x509.h>

#include <memory>
#include <string>

#include "twinsocket/native/client_certificate.hpp"

namespace twinsocket::detail {

/// The SHA-256 fingerprint of a certificate, as "AB:CD:..."; "" for null.
[[nodiscard]] std::string fingerprint_of(const X509* certificate);

/// The certificate as handlers see it. Names with control characters are omitted, because no valid name has any.
[[nodiscard]] std::shared_ptr<const client_certificate> read_certificate(X509* certificate);

}  // namespace twinsocket::detail
