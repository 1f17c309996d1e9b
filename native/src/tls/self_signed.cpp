#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include "tls/openssl.hpp"
#include "twinsocket/native/tls.hpp"

namespace twinsocket {

namespace {

using namespace detail;

constexpr long validity_seconds = 90L * 24 * 60 * 60;

bool add_extension(X509* to, int kind, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, to, to, nullptr, nullptr, 0);
  X509_EXTENSION* const made = X509V3_EXT_conf_nid(nullptr, &context, kind, value);
  if (!made) return false;
  const bool added = X509_add_ext(to, made, -1) == 1;
  X509_EXTENSION_free(made);
  return added;
}

bool set_serial(X509* to) {
  // Positive (RFC 5280 section 4.1.2.2) and random, because browsers reject two certificates of one issuer with the same
  // number.
  std::uint64_t number = 0;
  if (RAND_bytes(reinterpret_cast<unsigned char*>(&number), sizeof number) != 1) return false;
  return ASN1_INTEGER_set_uint64(X509_get_serialNumber(to), number >> 1) == 1;
}

bool set_name(X509* to) {
  X509_NAME* const name = X509_get_subject_name(to);
  const auto* const text = reinterpret_cast<const unsigned char*>("twinsocket development");
  return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0) == 1 &&
         X509_set_issuer_name(to, name) == 1;
}

template <class Write>
std::string pem_of(Write write) {
  const bio_ptr bio(BIO_new(BIO_s_mem()));
  if (!bio || write(bio.get()) != 1) return {};
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

}  // namespace

result<tls_certificate> tls_certificate::self_signed() {
  // What the macro EVP_EC_gen() does, without its cast that drops const.
  const key_ptr key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
  const certificate_ptr made(X509_new());
  const bool well = key && made && X509_set_version(made.get(), X509_VERSION_3) == 1 && set_serial(made.get()) &&
                    // Valid from an hour ago, for clients whose clock is slow.
                    X509_gmtime_adj(X509_getm_notBefore(made.get()), -60 * 60) &&
                    X509_gmtime_adj(X509_getm_notAfter(made.get()), validity_seconds) && set_name(made.get()) &&
                    X509_set_pubkey(made.get(), key.get()) == 1 &&
                    add_extension(made.get(), NID_basic_constraints, "critical,CA:FALSE") &&
                    add_extension(made.get(), NID_key_usage, "critical,digitalSignature") &&
                    add_extension(made.get(), NID_ext_key_usage, "serverAuth") &&
                    add_extension(made.get(), NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1,IP:::1") &&
                    X509_sign(made.get(), key.get(), EVP_sha256()) > 0;
  if (!well) return error(errc::tls_failed, "OpenSSL could not create a certificate: " + take_openssl_error());
  std::string certificate = pem_of([&](BIO* bio) { return PEM_write_bio_X509(bio, made.get()); });
  std::string private_key =
      pem_of([&](BIO* bio) { return PEM_write_bio_PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr); });
  return pem(std::move(certificate), std::move(private_key));
}

}  // namespace twinsocket
