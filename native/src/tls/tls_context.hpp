#pragma once

// The TLS configuration that connections share: certificates and trusted authorities.

#include <memory>
#include <string>
#include <string_view>

#include "tls/openssl.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/native/client_certificate.hpp"
#include "twinsocket/native/tls.hpp"

namespace twinsocket::detail {

class tls_context {
 public:
  /// Fails with errc::tls_failed, with errc::invalid_argument for unusable options, and with errc::system for unreadable
  /// files; the detail names the file.
  [[nodiscard]] static result<std::shared_ptr<const tls_context>> for_client(const tls_options& options);
  /// `certificate` and `key` are PEM texts; `source` names them in errors.
  [[nodiscard]] static result<std::shared_ptr<const tls_context>> for_server(std::string_view certificate,
                                                                             std::string_view key,
                                                                             const std::string& source,
                                                                             const client_certificates& clients = {});

  explicit tls_context(ssl_context_ptr handle) : handle_(std::move(handle)) {}

  [[nodiscard]] SSL_CTX* handle() const noexcept { return handle_.get(); }
  /// The SHA-256 fingerprint of our own certificate, as "AB:CD:..."; "" if there is none.
  [[nodiscard]] std::string fingerprint() const;

 private:
  ssl_context_ptr handle_;
};

/// Reads a file of at most 1 MiB. Fails with errc::system, or with errc::invalid_argument if it is larger; the detail names
/// the file.
[[nodiscard]] result<std::string> read_small_file(const std::string& path);

}  // namespace twinsocket::detail
