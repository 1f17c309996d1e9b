#include "authority.hpp"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <atomic>
#include <stdexcept>

using twinsocket::detail::bio_ptr;
using twinsocket::detail::certificate_ptr;
using twinsocket::detail::key_ptr;

namespace {

void expect(bool well) {
  if (!well) throw std::runtime_error("OpenSSL: " + twinsocket::detail::take_openssl_error());
}

std::string text_of(BIO* bio) {
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio, &text);
  return {text, static_cast<std::size_t>(size)};
}

std::string pem_of(X509* certificate) {
  const bio_ptr bio(BIO_new(BIO_s_mem()));
  expect(PEM_write_bio_X509(bio.get(), certificate) == 1);
  return text_of(bio.get());
}

std::string pem_of(EVP_PKEY* key) {
  const bio_ptr bio(BIO_new(BIO_s_mem()));
  expect(PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
  return text_of(bio.get());
}

void extend(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* const made = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
  expect(made && X509_add_ext(certificate, made, -1) == 1);
  X509_EXTENSION_free(made);
}

void name(X509_NAME* what, const std::string& text) {
  const auto* const bytes = reinterpret_cast<const unsigned char*>(text.c_str());
  expect(X509_NAME_add_entry_by_txt(what, "CN", MBSTRING_UTF8, bytes, -1, -1, 0) == 1);
}

certificate_ptr new_certificate(EVP_PKEY* key, const std::string& subject, int from, int until) {
  static std::atomic<long> number{1000};
  certificate_ptr made(X509_new());
  expect(X509_set_version(made.get(), X509_VERSION_3) == 1);
  expect(ASN1_INTEGER_set(X509_get_serialNumber(made.get()), ++number) == 1);
  expect(X509_time_adj_ex(X509_getm_notBefore(made.get()), from, 0, nullptr) != nullptr);
  expect(X509_time_adj_ex(X509_getm_notAfter(made.get()), until, 0, nullptr) != nullptr);
  name(X509_get_subject_name(made.get()), subject);
  expect(X509_set_pubkey(made.get(), key) == 1);
  return made;
}

// What the macro EVP_EC_gen() does, without its cast that drops const.
EVP_PKEY* generate_ec_key() { return EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"); }

}  // namespace

authority::authority(const std::string& subject) : authority(subject, *this) {}

authority::authority(const std::string& subject, const authority& above) : key_(generate_ec_key()) {
  certificate_ = new_certificate(key_.get(), subject, -2, 60);
  X509* const issuer = above.certificate_.get();
  expect(X509_set_issuer_name(certificate_.get(), X509_get_subject_name(issuer)) == 1);
  extend(certificate_.get(), issuer, NID_basic_constraints, "critical,CA:TRUE");
  extend(certificate_.get(), issuer, NID_key_usage, "critical,keyCertSign,cRLSign");
  extend(certificate_.get(), issuer, NID_subject_key_identifier, "hash");
  expect(X509_sign(certificate_.get(), above.key_.get(), EVP_sha256()) > 0);
}

std::string authority::pem() const { return pem_of(certificate_.get()); }

certificate_and_key authority::issue(const std::string& names, int from, int until) const {
  return issue(names, from, until, key_ptr(generate_ec_key()));
}

certificate_and_key authority::issue_rsa(const std::string& names) const {
  return issue(names, -1, 30, key_ptr(EVP_RSA_gen(2048)));
}

certificate_and_key authority::issue_to(const std::string& subject, const std::string& names) const {
  return issue(names, -1, 30, key_ptr(generate_ec_key()), subject);
}

certificate_and_key authority::issue(const std::string& names, int from, int until, key_ptr key,
                                     const std::string& subject) const {
  const certificate_ptr made = new_certificate(key.get(), subject, from, until);
  expect(X509_set_issuer_name(made.get(), X509_get_subject_name(certificate_.get())) == 1);
  extend(made.get(), certificate_.get(), NID_basic_constraints, "critical,CA:FALSE");
  extend(made.get(), certificate_.get(), NID_authority_key_identifier, "keyid");
  if (!names.empty()) extend(made.get(), certificate_.get(), NID_subject_alt_name, names);
  expect(X509_sign(made.get(), key_.get(), EVP_sha256()) > 0);
  return {pem_of(made.get()), pem_of(key.get())};
}
