#pragma once

#include <string>

#include "tls/openssl.hpp"

/// A certificate and its key, as PEM texts.
struct issued {
  std::string certificate;
  std::string key;
};

/// A certificate authority for one test.
class authority {
 public:
  explicit authority(const std::string& name = "test authority");
  /// One that is not its own issuer: another one vouches for it.
  authority(const std::string& name, const authority& above);

  /// What a client has to trust.
  [[nodiscard]] std::string pem() const;

  /// A certificate for these names, as in "DNS:localhost,IP:127.0.0.1", good from and until so many days from now.
  [[nodiscard]] issued issue(const std::string& names, int from = -1, int until = 30) const;
  /// The same with its key of RSA, for what does not speak elliptic curves.
  [[nodiscard]] issued issue_rsa(const std::string& names) const;
  /// One with a common name, and where there are `names`, these besides.
  [[nodiscard]] issued issue_to(const std::string& subject, const std::string& names = {}) const;

 private:
  [[nodiscard]] issued issue(const std::string& names, int from, int until, twinsocket::detail::key_ptr key,
                             const std::string& subject = "one of the tests") const;

  twinsocket::detail::key_ptr key_;
  twinsocket::detail::certificate_ptr certificate_;
};
