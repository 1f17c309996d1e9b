#include "tls/tls_context.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <utility>

#include "platform/c_file.hpp"
#include "platform/trusted_authorities.hpp"
#include "tls/peer_certificate.hpp"
#include "tls/verification.hpp"
#include "twinsocket/limits.hpp"

namespace twinsocket::detail {

namespace {

using context_result = result<std::shared_ptr<const tls_context>>;

error refused(const std::string& source, const std::string& what) {
  const std::string said = take_openssl_error();
  return {errc::tls_failed, source + ": " + what + (said.empty() ? "" : " (" + said + ")")};
}

bio_ptr make_bio(std::string_view text) { return bio_ptr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))); }

// A key with a passphrase is an error, because there is nobody to enter it.
int no_passphrase(char*, int, int, void*) { return -1; }

result<ssl_context_ptr> new_context(const SSL_METHOD* method) {
  ERR_clear_error();
  ssl_context_ptr context(SSL_CTX_new(method));
  if (!context || SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION) != 1)
    return refused("OpenSSL", "cannot be initialised");
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  return context;
}

// Loads the certificate, its chain of intermediate certificates, and its private key.
result<void> use_certificate(SSL_CTX* context, std::string_view certificate, std::string_view key,
                             const std::string& source) {
  const bio_ptr chain = make_bio(certificate);
  const certificate_ptr own(PEM_read_bio_X509_AUX(chain.get(), nullptr, no_passphrase, nullptr));
  if (!own) return refused(source, "there is no certificate in PEM form");
  if (SSL_CTX_use_certificate(context, own.get()) != 1) return refused(source, "the certificate cannot be used");
  while (X509* const next = PEM_read_bio_X509(chain.get(), nullptr, no_passphrase, nullptr))
    if (SSL_CTX_add0_chain_cert(context, next) != 1) {
      X509_free(next);
      return refused(source, "a certificate of the chain cannot be used");
    }
  ERR_clear_error();  // OpenSSL reports the end of the text as an error.
  const bio_ptr key_text = make_bio(key);
  const key_ptr private_key(PEM_read_bio_PrivateKey(key_text.get(), nullptr, no_passphrase, nullptr));
  if (!private_key) return refused(source, "there is no key in PEM form without a passphrase");
  if (SSL_CTX_use_PrivateKey(context, private_key.get()) != 1 || SSL_CTX_check_private_key(context) != 1)
    return refused(source, "the key does not match the certificate");
  return {};
}

// Adds trusted authorities. A server also sends their names to the client, which may have several certificates to choose
// from.
result<void> add_authorities(SSL_CTX* context, std::string_view text, const std::string& source) {
  const bio_ptr bio = make_bio(text);
  X509_STORE* const store = SSL_CTX_get_cert_store(context);
  int count = 0;
  while (const certificate_ptr one{PEM_read_bio_X509_AUX(bio.get(), nullptr, no_passphrase, nullptr)}) {
    if (X509_STORE_add_cert(store, one.get()) != 1 || SSL_CTX_add_client_CA(context, one.get()) != 1)
      return refused(source, "a certificate cannot be used");
    ++count;
  }
  if (count == 0) return refused(source, "there is no certificate in PEM form");
  ERR_clear_error();
  return {};
}

// The system's trusted authorities. Loaded once per process, because loading can take a tenth of a second if they are in one
// file. OpenSSL locks its store itself.
X509_STORE* system_store() {
  static const store_ptr store = [] {
    store_ptr made(X509_STORE_new());
    if (made && !add_system_authorities(made.get())) made.reset();
    return made;
  }();
  return store.get();
}

// Trusts the given certificates as they are, including peer certificates and intermediate certificates.
result<void> add_given_authorities(SSL_CTX* context, const std::vector<std::string>& files, const std::string& pem) {
  X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context), X509_V_FLAG_PARTIAL_CHAIN);
  for (const std::string& path : files) {
    const auto text = read_small_file(path);
    if (!text) return text.error();
    if (const auto trusted = add_authorities(context, *text, path); !trusted) return trusted;
  }
  if (pem.empty()) return {};
  return add_authorities(context, pem, "ca_pem");
}

// Requests client certificates. OpenSSL requires a session ID context for resumption then; a resumed session keeps what was
// verified.
result<void> request_client_certificates(SSL_CTX* context, const client_certificates& options) {
  if (options.request_mode() == client_certificates::mode::off) return {};
  if (options.ca_files().empty() && options.ca_pem().empty())
    return error(errc::invalid_argument, "client certificates are requested, but no certificate authority is given");
  if (const auto trusted = add_given_authorities(context, options.ca_files(), options.ca_pem()); !trusted)
    return trusted;
  const bool required = options.request_mode() == client_certificates::mode::required;
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | (required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0), verify_callback);
  constexpr unsigned char source[] = "twinsocket";
  SSL_CTX_set_session_id_context(context, source, sizeof source - 1);
  return {};
}

result<void> add_authorities(SSL_CTX* context, const tls_options& options) {
  if (options.ca_files().empty() && options.ca_pem().empty()) {
    X509_STORE* const store = system_store();
    if (!store) return refused("the system", "its trusted certificates cannot be read");
    SSL_CTX_set1_cert_store(context, store);
    return {};
  }
  return add_given_authorities(context, options.ca_files(), options.ca_pem());
}

result<void> use_certificate(SSL_CTX* context, const tls_options& options) {
  if (!options.certificate_pem().empty())
    return use_certificate(context, options.certificate_pem(), options.key_pem(), "certificate_pem");
  if (options.certificate_file().empty()) return {};
  const auto certificate = read_small_file(options.certificate_file());
  if (!certificate) return certificate.error();
  const auto key = read_small_file(options.key_file());
  if (!key) return key.error();
  return use_certificate(context, *certificate, *key, options.certificate_file() + " and " + options.key_file());
}

constexpr unsigned char http_1_1[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

// RFC 7301 section 3.2: a client that offers ALPN protocols without http/1.1 is rejected with an alert.
int select_alpn(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
                unsigned int offered_size, void*) {
  unsigned char* found = nullptr;
  if (SSL_select_next_proto(&found, size, http_1_1, sizeof http_1_1, offered, offered_size) != OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  *chosen = found;
  return SSL_TLSEXT_ERR_OK;
}

}  // namespace

context_result tls_context::for_client(const tls_options& options) {
  auto made = new_context(TLS_client_method());
  if (!made) return made.error();
  SSL_CTX* const context = made->get();
  if (options.verify_peer()) {
    if (const auto trusted = add_authorities(context, options); !trusted) return trusted.error();
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, verify_callback);
  } else {
    SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nullptr);
  }
  if (const auto used = use_certificate(context, options); !used) return used.error();
  SSL_CTX_set_alpn_protos(context, http_1_1, sizeof http_1_1);
  return std::make_shared<const tls_context>(std::move(*made));
}

context_result tls_context::for_server(std::string_view certificate, std::string_view key, const std::string& source,
                                       const client_certificates& clients) {
  auto made = new_context(TLS_server_method());
  if (!made) return made.error();
  if (const auto used = use_certificate(made->get(), certificate, key, source); !used) return used.error();
  if (const auto request_mode = request_client_certificates(made->get(), clients); !request_mode)
    return request_mode.error();
  SSL_CTX_set_alpn_select_cb(made->get(), select_alpn, nullptr);
  // Sessions are resumed by tickets, which need no memory on the server.
  SSL_CTX_set_session_cache_mode(made->get(), SSL_SESS_CACHE_OFF);
  return std::make_shared<const tls_context>(std::move(*made));
}

std::string tls_context::fingerprint() const { return fingerprint_of(SSL_CTX_get0_certificate(handle_.get())); }

result<std::string> read_small_file(const std::string& path) {
  constexpr std::size_t most = 1 * mib;
  std::string text(most + 1, '\0');
  errno = 0;
  const c_file file = open_c_file(path);
  if (file) text.resize(std::fread(text.data(), 1, text.size(), file.get()));
  if (!file || std::ferror(file.get()) != 0)
    return error(errc::system, "cannot read " + path, std::error_code(errno, std::generic_category()));
  if (text.size() > most) return error(errc::invalid_argument, path + " is larger than 1 MiB");
  return text;
}

}  // namespace twinsocket::detail
