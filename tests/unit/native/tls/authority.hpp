#pragma once

#include <string>

#include "tls/openssl.hpp"

/// A certificate and its key, as PEM texts.
struct certificate_and_key {
  std::string certificate;
  std::string key;
};

/// A certificate authority for one test.
class authority {
 public:
  explicit authority(const std::string& name = "test authority");
  /// An intermediate authority, signed by another one.
  authority(const std::string& name, const authority& above);

  /// The certificate that a client has to trust.
  [[nodiscard]] std::string pem() const;

  /// A certificate for these names, as in "DNS:localhost,IP:127.0.0.1". `from` and `until` are days from now.
  [[nodiscard]] certificate_and_key issue(const std::string& names, int from = -1, int until = 30) const;
  /// The same with an RSA key, for peers that do not support elliptic curves.
  [[nodiscard]] certificate_and_key issue_rsa(const std::string& names) const;
  /// A certificate with a common name and, if given, alternative names.
  [[nodiscard]] certificate_and_key issue_to(const std::string& subject, const std::string& names = {}) const;

 private:
  [[nodiscard]] certificate_and_key issue(const std::string& names, int from, int until,
                                          twinsocket::detail::key_ptr key,
                                          const std::string& subject = "one of the tests") const;

  twinsocket::detail::key_ptr key_;
  twinsocket::detail::certificate_ptr certificate_;
};
