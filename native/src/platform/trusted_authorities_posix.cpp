// On POSIX systems the trusted authorities are files, whose place the build of OpenSSL knows.

#include "platform/trusted_authorities.hpp"

namespace twinsocket::detail {

bool add_system_authorities(X509_STORE* store) { return X509_STORE_set_default_paths(store) == 1; }

}  // namespace twinsocket::detail
