#pragma once

// A setter and its getter take one line each.
// clang-format off

// TLS 1.3 (RFC 8446) and 1.2 for clients and servers, for wss:// and https://. Older versions, renegotiation and TLS
// compression are disabled. A connection that ends without close_notify counts as truncated: close code 1006. Plain values.
// PEM texts and files may hold a certificate chain, leaf certificate first.

#include "twinsocket/detail/cxx20.hpp"

#include <string>
#include <utility>
#include <vector>

#include "twinsocket/detail/lifetime.hpp"
#include "twinsocket/error.hpp"

namespace twinsocket {
inline namespace native {

/// TLS options of a client. By default the server's certificate must be issued by an authority that the system trusts, and
/// be valid for the URL's host name or IP address. Only subject alternative names are considered (RFC 9525 section 6). The
/// system's authorities are loaded once per process.
class tls_options {
 public:
  /// Trusts the certificates in a PEM file instead of the system's: certificate authorities or self-signed server
  /// certificates. Call it once per file.
  tls_options& ca_file(std::string path) { trust_.ca_files.push_back(std::move(path)); return *this; }
  /// All paths of ca_file().
  [[nodiscard]] const std::vector<std::string>& ca_files() const noexcept TWINSOCKET_LIFETIMEBOUND { return trust_.ca_files; }

  /// As ca_file(), with the PEM text itself.
  tls_options& ca_pem(std::string pem) { trust_.ca_pem += std::move(pem); return *this; }
  [[nodiscard]] const std::string& ca_pem() const noexcept TWINSOCKET_LIFETIMEBOUND { return trust_.ca_pem; }

  /// Client certificate and private key, PEM files, sent to a server that requests a certificate. Default: none.
  tls_options& certificate_files(std::string certificate, std::string key) {
    certificate_file_ = std::move(certificate);
    key_file_ = std::move(key);
    return *this;
  }
  /// The first path of certificate_files(); "" if there is none.
  [[nodiscard]] const std::string& certificate_file() const noexcept TWINSOCKET_LIFETIMEBOUND { return certificate_file_; }
  /// The second path of certificate_files().
  [[nodiscard]] const std::string& key_file() const noexcept TWINSOCKET_LIFETIMEBOUND { return key_file_; }

  /// As certificate_files(), with the PEM texts themselves.
  tls_options& certificate_pem(std::string certificate, std::string key) {
    certificate_pem_ = std::move(certificate);
    key_pem_ = std::move(key);
    return *this;
  }
  [[nodiscard]] const std::string& certificate_pem() const noexcept TWINSOCKET_LIFETIMEBOUND { return certificate_pem_; }
  /// The second text of certificate_pem().
  [[nodiscard]] const std::string& key_pem() const noexcept TWINSOCKET_LIFETIMEBOUND { return key_pem_; }

  /// The name or address to verify the certificate against and to send as SNI (RFC 6066 section 3). Default: the URL's host.
  tls_options& server_name(std::string name) { server_name_ = std::move(name); return *this; }
  [[nodiscard]] const std::string& server_name() const noexcept TWINSOCKET_LIFETIMEBOUND { return server_name_; }

  /// DANGER: accepts any certificate. Anybody on the network path can then read and change all traffic, including passwords.
  /// For tests on your own machine only; prefer ca_file() with the server's self-signed certificate.
  tls_options& insecure_skip_verify() { trust_.verify_peer = false; return *this; }
  /// False only after insecure_skip_verify().
  [[nodiscard]] bool verify_peer() const noexcept { return trust_.verify_peer; }

  /// A copy without the client certificate and server_name(), which are for one server. Proxies and redirects get it.
  [[nodiscard]] tls_options without_identity() const {
    tls_options copy;
    copy.trust_ = trust_;
    return copy;
  }

 private:
  struct trust {
    std::vector<std::string> ca_files;
    std::string ca_pem;
    bool verify_peer = true;
  };

  trust trust_;
  std::string certificate_file_;
  std::string key_file_;
  std::string certificate_pem_;
  std::string key_pem_;
  std::string server_name_;
};

/// A server's certificate and private key. With one, the server accepts only TLS on its port: https:// and wss://.
class tls_certificate {
 public:
  /// No certificate, no TLS.
  tls_certificate() = default;

  /// PEM files, loaded by server::listen() and reloaded when they change or by server::reload_certificate(). If a reload
  /// fails, the reason is logged and the current certificate stays in use.
  [[nodiscard]] static tls_certificate files(std::string certificate, std::string key) {
    tls_certificate made;
    made.certificate_file_ = std::move(certificate);
    made.key_file_ = std::move(key);
    return made;
  }

  /// PEM texts.
  [[nodiscard]] static tls_certificate pem(std::string certificate, std::string key) {
    tls_certificate made;
    made.certificate_ = std::move(certificate);
    made.key_ = std::move(key);
    return made;
  }

  /// Generates a self-signed certificate for development, in memory: for localhost, 127.0.0.1 and ::1, valid for 90 days.
  /// errc::tls_failed if OpenSSL cannot create it.
  [[nodiscard]] static result<tls_certificate> self_signed();

  /// False if default-constructed.
  [[nodiscard]] bool is_set() const noexcept { return !certificate_file_.empty() || !certificate_.empty(); }
  /// The first path of files(); "" for PEM texts.
  [[nodiscard]] const std::string& certificate_file() const noexcept TWINSOCKET_LIFETIMEBOUND { return certificate_file_; }
  /// The second path of files().
  [[nodiscard]] const std::string& key_file() const noexcept TWINSOCKET_LIFETIMEBOUND { return key_file_; }
  /// The PEM text of pem() and self_signed(). Pass a self-signed one to clients as tls_options::ca_pem().
  [[nodiscard]] const std::string& certificate() const noexcept TWINSOCKET_LIFETIMEBOUND { return certificate_; }
  /// The private key of pem() and self_signed().
  [[nodiscard]] const std::string& key() const noexcept TWINSOCKET_LIFETIMEBOUND { return key_; }

 private:
  std::string certificate_file_;
  std::string key_file_;
  std::string certificate_;
  std::string key_;
};

}  // namespace native
}  // namespace twinsocket
