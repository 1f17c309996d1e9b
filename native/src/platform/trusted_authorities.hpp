#pragma once

#include <openssl/x509.h>

namespace twinsocket::detail {

/// Adds the certificate authorities that this system trusts. False on an error.
[[nodiscard]] bool add_system_authorities(X509_STORE* store);

}  // namespace twinsocket::detail
