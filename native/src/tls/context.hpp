#pragma once

// What connections share of TLS: the certificates, and whom to trust.

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
  /// errc::tls_failed, and errc::invalid_argument for options that cannot be used; the text names the file.
  [[nodiscard]] static result<std::shared_ptr<const tls_context>> for_client(const tls_options& options);
  /// `whose` names the texts in errors.
  [[nodiscard]] static result<std::shared_ptr<const tls_context>> for_server(std::string_view certificate,
                                                                             std::string_view key,
                                                                             const std::string& whose,
                                                                             const client_certificates& clients = {});

  explicit tls_context(ssl_context_ptr handle) : handle_(std::move(handle)) {}

  [[nodiscard]] SSL_CTX* handle() const noexcept { return handle_.get(); }
  /// The SHA-256 of the own certificate, as "AB:CD:..."; "" where there is none.
  [[nodiscard]] std::string fingerprint() const;

 private:
  ssl_context_ptr handle_;
};

/// The whole of a file of at most a mebibyte. errc::system names it.
[[nodiscard]] result<std::string> read_small_file(const std::string& path);

}  // namespace twinsocket::detail
