#include "platform/trusted_authorities.hpp"

#include <openssl/err.h>
#include <windows.h>
// After windows.h, which it needs.
#include <wincrypt.h>

#include <memory>

namespace twinsocket::detail {

namespace {

struct store_closer {
  void operator()(HCERTSTORE store) const noexcept { ::CertCloseStore(store, 0); }
};

struct certificate_deleter {
  void operator()(X509* certificate) const noexcept { X509_free(certificate); }
};

}  // namespace

// The certificates of Windows, then the files of OpenSSL, which the environment variables SSL_CERT_FILE and SSL_CERT_DIR name.
bool add_system_authorities(X509_STORE* store) {
  const std::unique_ptr<void, store_closer> roots(::CertOpenSystemStoreW(0, L"ROOT"));
  if (!roots) return false;
  // Each call releases the certificate that it is given.
  for (const CERT_CONTEXT* one = ::CertEnumCertificatesInStore(roots.get(), nullptr); one;
       one = ::CertEnumCertificatesInStore(roots.get(), one)) {
    const unsigned char* bytes = one->pbCertEncoded;
    const std::unique_ptr<X509, certificate_deleter> parsed(
        d2i_X509(nullptr, &bytes, static_cast<long>(one->cbCertEncoded)));
    // One that OpenSSL does not understand is not trusted.
    if (parsed) X509_STORE_add_cert(store, parsed.get());
  }
  ERR_clear_error();
  return X509_STORE_set_default_paths(store) == 1;
}

}  // namespace twinsocket::detail
