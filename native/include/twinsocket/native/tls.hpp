#pragma once

// TLS on both sides (RFC 8446, and TLS 1.2), spoken for wss:// and https://. Versions before 1.2, renegotiation and
// compression are never spoken. A connection that ends without TLS's own goodbye is one that was cut: close code 1006.
// Plain values; PEM texts and files may hold a chain of certificates, the own one first.

#include "twinsocket/detail/cxx20.hpp"

#include <string>
#include <utility>
#include <vector>

#include "twinsocket/error.hpp"

namespace twinsocket {

/// What a client wants of TLS. Without any of it the server's certificate has to be signed by one of the certificate
/// authorities that the system trusts (they are read once in a process), and be for the host of the URL, be that a name
/// or an IP address, by its subject alternative names alone (RFC 9525 section 6).
class tls_options {
 public:
  /// Trusts the certificates in a PEM file instead of the system's, be they authorities or a server's own; call it once
  /// for each file.
  tls_options& ca_file(std::string path) { ca_files_.push_back(std::move(path)); return *this; }
  [[nodiscard]] const std::vector<std::string>& ca_files() const noexcept { return ca_files_; }

  /// The same with the PEM text itself.
  tls_options& ca_pem(std::string pem) { ca_pem_ += std::move(pem); return *this; }
  [[nodiscard]] const std::string& ca_pem() const noexcept { return ca_pem_; }

  /// Shows this certificate to a server that asks for one; PEM files.
  tls_options& certificate_files(std::string certificate, std::string key) {
    certificate_file_ = std::move(certificate);
    key_file_ = std::move(key);
    return *this;
  }
  [[nodiscard]] const std::string& certificate_file() const noexcept { return certificate_file_; }
  [[nodiscard]] const std::string& key_file() const noexcept { return key_file_; }

  /// The same with the PEM texts themselves.
  tls_options& certificate_pem(std::string certificate, std::string key) {
    certificate_pem_ = std::move(certificate);
    key_pem_ = std::move(key);
    return *this;
  }
  [[nodiscard]] const std::string& certificate_pem() const noexcept { return certificate_pem_; }
  [[nodiscard]] const std::string& key_pem() const noexcept { return key_pem_; }

  /// The name or address that the certificate has to be for, and that the server is told (RFC 6066 section 3), instead of
  /// the URL's host.
  tls_options& server_name(std::string name) { server_name_ = std::move(name); return *this; }
  [[nodiscard]] const std::string& server_name() const noexcept { return server_name_; }

  /// DANGER: talks to whoever answers, with any certificate. Everybody on the way can then read and change all that is
  /// said, passwords included. For a try on one's own machine; a server's own certificate is better named as ca_file().
  tls_options& insecure_skip_verify() { verifies_ = false; return *this; }
  [[nodiscard]] bool verifies() const noexcept { return verifies_; }

 private:
  std::vector<std::string> ca_files_;
  std::string ca_pem_;
  std::string certificate_file_;
  std::string key_file_;
  std::string certificate_pem_;
  std::string key_pem_;
  std::string server_name_;
  bool verifies_ = true;
};

/// A server's certificate: with one, the server speaks TLS, https:// and wss:// on its port, and nothing else.
class tls_certificate {
 public:
  /// No certificate: no TLS.
  tls_certificate() = default;

  /// PEM files, read by server::listen() and again when they change or on server::reload_certificate(). Where they cannot
  /// be used then, the log says why and the certificate stays the one it was.
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

  /// A new one for development, made in memory and good for 90 days: for localhost, 127.0.0.1 and ::1, signed by itself.
  /// errc::tls_failed where OpenSSL cannot make one.
  [[nodiscard]] static result<tls_certificate> self_signed();

  [[nodiscard]] bool given() const noexcept { return !certificate_file_.empty() || !certificate_.empty(); }
  [[nodiscard]] const std::string& certificate_file() const noexcept { return certificate_file_; }
  [[nodiscard]] const std::string& key_file() const noexcept { return key_file_; }
  /// The PEM text of pem() and self_signed(): what a client is given as tls_options::ca_pem().
  [[nodiscard]] const std::string& certificate() const noexcept { return certificate_; }
  [[nodiscard]] const std::string& key() const noexcept { return key_; }

 private:
  std::string certificate_file_;
  std::string key_file_;
  std::string certificate_;
  std::string key_;
};

}  // namespace twinsocket
