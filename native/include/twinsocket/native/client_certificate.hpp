#pragma once

// Client certificates on a server (mutual TLS): whether the server asks for them, and what a handler sees. Plain values.

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace twinsocket {

/// Whether a server with TLS asks its clients for a certificate (RFC 8446 section 4.3.2), and which authorities it accepts
/// them from. A certificate that does not verify ends the TLS handshake, and the log says why.
class client_certificates {
 public:
  enum class mode : std::uint8_t {
    off,       ///< Clients are not asked.
    optional,  ///< A client may show one; request::client_certificate() is null where it shows none.
    required,  ///< The TLS handshake with a client that shows none fails.
  };

  /// Clients are not asked.
  client_certificates() = default;
  [[nodiscard]] static client_certificates optional() { return client_certificates(mode::optional); }
  [[nodiscard]] static client_certificates required() { return client_certificates(mode::required); }

  /// Accepts certificates that an authority in this PEM file has signed, directly or by others. Call it once for each file;
  /// at least one authority has to be named, as those that the system trusts sign anybody's. The files are read again
  /// together with the server's own certificate.
  client_certificates& ca_file(std::string path) { ca_files_.push_back(std::move(path)); return *this; }
  [[nodiscard]] const std::vector<std::string>& ca_files() const noexcept { return ca_files_; }

  /// The same with the PEM text itself.
  client_certificates& ca_pem(std::string pem) { ca_pem_ += std::move(pem); return *this; }
  [[nodiscard]] const std::string& ca_pem() const noexcept { return ca_pem_; }

  [[nodiscard]] mode asked() const noexcept { return mode_; }

 private:
  explicit client_certificates(mode how) : mode_(how) {}

  mode mode_ = mode::off;
  std::vector<std::string> ca_files_;
  std::string ca_pem_;
};

/// A client's certificate, which was verified. The texts are what the authority has signed: an authority that signs any name
/// lets clients choose theirs.
struct client_certificate {
  std::string subject;                     ///< The whole name, as in RFC 4514: "CN=sensor 7,O=Example".
  std::string common_name;                 ///< The last CN of the subject, or "".
  std::string issuer;                      ///< The name of who signed it, likewise.
  std::string serial;                      ///< The issuer's number for it, in hexadecimal digits: "01AF".
  std::vector<std::string> dns_names;      ///< The subject alternative names (RFC 5280 section 4.2.1.6) that are DNS names,
  std::vector<std::string> email_addresses;  ///< e-mail addresses,
  std::vector<std::string> uris;           ///< and URIs, such as "spiffe://example.org/worker".
  std::string fingerprint;                 ///< The SHA-256 of the certificate, as "AB:CD:...".
  std::chrono::system_clock::time_point not_after;  ///< When it expires.
};

}  // namespace twinsocket
