#pragma once

// A setter and its getter take one line each.
// clang-format off

// Client certificates on a server (mutual TLS): the server's policy, and the verified certificate that a handler sees. Plain
// values.

#include "twinsocket/detail/cxx20.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "twinsocket/detail/lifetime.hpp"

namespace twinsocket {
inline namespace native {

/// Whether a TLS server requests client certificates (RFC 8446 section 4.3.2), and which certificate authorities it accepts.
/// A certificate that does not verify fails the TLS handshake; the reason is logged.
class client_certificates {
 public:
  /// Whether a client has to send a certificate.
  enum class mode : std::uint8_t {
    off,       ///< No certificate is requested.
    optional,  ///< A client may send one. Without one request::client_certificate() is null.
    required,  ///< The TLS handshake fails if the client sends none.
  };

  /// mode::off.
  client_certificates() = default;
  /// A policy with mode::optional.
  [[nodiscard]] static client_certificates optional() { return client_certificates(mode::optional); }
  /// A policy with mode::required.
  [[nodiscard]] static client_certificates required() { return client_certificates(mode::required); }

  /// Accepts certificates issued by an authority in this PEM file, directly or through intermediates. Call it once per file.
  /// At least one authority is required, because the authorities that the system trusts issue certificates to anybody. The
  /// files are reloaded together with the server's certificate.
  client_certificates& ca_file(std::string path) { ca_files_.push_back(std::move(path)); return *this; }
  /// All paths of ca_file().
  [[nodiscard]] const std::vector<std::string>& ca_files() const noexcept TWINSOCKET_LIFETIMEBOUND { return ca_files_; }

  /// As ca_file(), with the PEM text itself.
  client_certificates& ca_pem(std::string pem) { ca_pem_ += std::move(pem); return *this; }
  [[nodiscard]] const std::string& ca_pem() const noexcept TWINSOCKET_LIFETIMEBOUND { return ca_pem_; }

  [[nodiscard]] mode request_mode() const noexcept { return mode_; }  ///< mode::off if default-constructed.

 private:
  explicit client_certificates(mode how) : mode_(how) {}

  mode mode_ = mode::off;
  std::vector<std::string> ca_files_;
  std::string ca_pem_;
};

/// A verified client certificate. The authority vouches for the names: if it signs any name, clients can choose theirs.
struct client_certificate {
  std::string subject;                     ///< Distinguished name as in RFC 4514: "CN=sensor 7,O=Example".
  std::string common_name;                 ///< The last CN of the subject, or "".
  std::string issuer;                      ///< Distinguished name of the issuer.
  std::string serial;                      ///< Serial number in hexadecimal digits: "01AF".
  std::vector<std::string> dns_names;      ///< DNS names among the subject alternative names (RFC 5280 section 4.2.1.6).
  std::vector<std::string> email_addresses;  ///< E-mail addresses among them.
  std::vector<std::string> uris;           ///< URIs among them, such as "spiffe://example.org/worker".
  std::string fingerprint;                 ///< SHA-256 of the certificate, as "AB:CD:...".
  std::chrono::system_clock::time_point not_after;  ///< Expiry.
};

}  // namespace native
}  // namespace twinsocket
