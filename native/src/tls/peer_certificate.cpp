#include "tls/peer_certificate.hpp"

#include <openssl/x509v3.h>

#include <algorithm>
#include <ctime>
#include <string_view>

#include "tls/openssl.hpp"

namespace twinsocket::detail {

namespace {

bool has_no_control(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; });
}

std::string name_text(const X509_NAME* name) {
  const bio_ptr bio(BIO_new(BIO_s_mem()));
  if (!bio || X509_NAME_print_ex(bio.get(), name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) < 0) return {};
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

std::string common_name_of(const X509_NAME* name) {
  int last = -1;
  for (int next = -1; (next = X509_NAME_get_index_by_NID(name, NID_commonName, last)) >= 0;) last = next;
  if (last < 0) return {};
  unsigned char* utf8 = nullptr;
  const int size = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, last)));
  if (size < 0) return {};
  std::string text(reinterpret_cast<const char*>(utf8), static_cast<std::size_t>(size));
  OPENSSL_free(utf8);
  return has_no_control(text) ? text : std::string();
}

std::string serial_of(const X509* certificate) {
  BIGNUM* const number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr);
  char* const digits = number ? BN_bn2hex(number) : nullptr;
  std::string text = digits ? digits : "";
  OPENSSL_free(digits);
  BN_free(number);
  return text;
}

std::chrono::system_clock::time_point end_of(const X509* certificate) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &parts) != 1) return {};
  using namespace std::chrono;
  const sys_days day = year(parts.tm_year + 1900) / (parts.tm_mon + 1) / parts.tm_mday;
  return day + hours(parts.tm_hour) + minutes(parts.tm_min) + seconds(parts.tm_sec);
}

void add_alternative_names(const X509* certificate, client_certificate& to) {
  auto* const names =
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
  const auto add = [](std::vector<std::string>& list, const ASN1_STRING* string) {
    std::string text(reinterpret_cast<const char*>(ASN1_STRING_get0_data(string)),
                     static_cast<std::size_t>(ASN1_STRING_length(string)));
    if (has_no_control(text)) list.push_back(std::move(text));
  };
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names); ++i) {
    const GENERAL_NAME* const name = sk_GENERAL_NAME_value(names, i);
    if (name->type == GEN_DNS) add(to.dns_names, name->d.dNSName);
    if (name->type == GEN_EMAIL) add(to.email_addresses, name->d.rfc822Name);
    if (name->type == GEN_URI) add(to.uris, name->d.uniformResourceIdentifier);
  }
  GENERAL_NAMES_free(names);
}

}  // namespace

std::string fingerprint_of(const X509* certificate) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  if (!certificate || X509_digest(certificate, EVP_sha256(), digest, &size) != 1) return {};
  std::string text;
  constexpr char digits[] = "0123456789ABCDEF";
  for (unsigned i = 0; i < size; ++i) {
    if (i != 0) text += ':';
    text += digits[digest[i] >> 4];
    text += digits[digest[i] & 15];
  }
  return text;
}

std::shared_ptr<const client_certificate> read_certificate(X509* certificate) {
  auto read = std::make_shared<client_certificate>();
  read->subject = name_text(X509_get_subject_name(certificate));
  read->common_name = common_name_of(X509_get_subject_name(certificate));
  read->issuer = name_text(X509_get_issuer_name(certificate));
  read->serial = serial_of(certificate);
  read->fingerprint = fingerprint_of(certificate);
  read->not_after = end_of(certificate);
  add_alternative_names(certificate, *read);
  return read;
}

}  // namespace twinsocket::detail
