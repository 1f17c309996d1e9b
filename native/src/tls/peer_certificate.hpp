#pragma once

// What a certificate says, taken out of OpenSSL's form of it.

#include <openssl/x509.h>

#include <memory>
#include <string>

#include "twinsocket/native/client_certificate.hpp"

namespace twinsocket::detail {

/// The SHA-256 of a certificate, as "AB:CD:..."; "" where there is none.
[[nodiscard]] std::string fingerprint_of(const X509* certificate);

/// What a handler sees of it. Names with control characters in them are left out: nobody has such a name.
[[nodiscard]] std::shared_ptr<const client_certificate> read_certificate(X509* certificate);

}  // namespace twinsocket::detail
