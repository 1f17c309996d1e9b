#include "tls/verification.hpp"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <boost/asio/ip/address.hpp>
#include <cstring>

#include "tls/openssl.hpp"

namespace twinsocket::detail {

namespace {

int peer_index() {
  static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

// Text of a certificate is untrusted: limits its length, and replaces characters that could control a terminal.
std::string sanitize(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, 200)) out += c < ' ' || c > '~' ? '?' : c;
  return out;
}

std::string text_of(BIO* bio) {
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio, &text);
  return sanitize({text, static_cast<std::size_t>(size)});
}

std::string name_of(const X509_NAME* name) {
  const bio_ptr bio(BIO_new(BIO_s_mem()));
  X509_NAME_print_ex(bio.get(), name, 0, XN_FLAG_ONELINE & ~ASN1_STRFLGS_ESC_MSB);
  return "\"" + text_of(bio.get()) + "\"";
}

std::string time_of(const ASN1_TIME* time) {
  tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return "a time that cannot be read";
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", &parts)};
}

// The names and addresses that a certificate is valid for. The subject is not one of them (RFC 9525 section 2).
std::string names_of(const X509* certificate) {
  auto* const names =
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
  std::string text;
  const auto add = [&](const std::string& name) { text += (text.empty() ? "" : ", ") + name; };
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names); ++i) {
    const GENERAL_NAME* const name = sk_GENERAL_NAME_value(names, i);
    if (text.size() > 200) {
      add("...");
      break;
    }
    if (name->type == GEN_DNS) {
      add(sanitize({reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.dNSName)),
                    static_cast<std::size_t>(ASN1_STRING_length(name->d.dNSName))}));
    } else if (name->type == GEN_IPADD) {
      const unsigned char* const bytes = ASN1_STRING_get0_data(name->d.iPAddress);
      boost::asio::ip::address_v4::bytes_type v4;
      boost::asio::ip::address_v6::bytes_type v6;
      const auto size = static_cast<std::size_t>(ASN1_STRING_length(name->d.iPAddress));
      if (size == v4.size()) {
        std::memcpy(v4.data(), bytes, size);
        add(boost::asio::ip::address_v4(v4).to_string());
      } else if (size == v6.size()) {
        std::memcpy(v6.data(), bytes, size);
        add(boost::asio::ip::address_v6(v6).to_string());
      }
    }
  }
  GENERAL_NAMES_free(names);
  return text.empty() ? "no name at all" : "\"" + text + "\"";
}

std::string failure(int code, const X509* certificate, const std::string& name) {
  const std::string host = name.empty() ? "the client" : name;
  if (!certificate) return "the certificate of " + host + " was refused: " + X509_verify_cert_error_string(code);
  const std::string whose = "the certificate of " + host;
  const std::string issuer = name_of(X509_get_issuer_name(certificate));
  switch (code) {
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return whose + " is for " + names_of(certificate) + " and not for \"" + host + "\"";
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return whose + " has expired: " + name_of(X509_get_subject_name(certificate)) + " was valid until " +
             time_of(X509_get0_notAfter(certificate));
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return whose + " is not valid yet: " + name_of(X509_get_subject_name(certificate)) + " is valid from " +
             time_of(X509_get0_notBefore(certificate));
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT: return whose + " is self-signed and not trusted: " + issuer;
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_CERT_UNTRUSTED:
      return whose + " is signed by a certificate authority that is not trusted: " + issuer;
    default: return whose + " was refused: " + X509_verify_cert_error_string(code);
  }
}

}  // namespace

int verify_callback(int good, X509_STORE_CTX* chain) {
  if (good == 1) return 1;
  auto* const connection = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(chain, SSL_get_ex_data_X509_STORE_CTX_idx()));
  auto* const peer = connection ? static_cast<peer_verification*>(SSL_get_ex_data(connection, peer_index())) : nullptr;
  if (peer && peer->failure.empty())
    peer->failure = failure(X509_STORE_CTX_get_error(chain), X509_STORE_CTX_get_current_cert(chain), peer->host);
  return 0;
}

void attach_verification(SSL* connection, peer_verification& peer) { SSL_set_ex_data(connection, peer_index(), &peer); }

std::string describe_tls_failure(const peer_verification& peer) {
  const unsigned long code = ERR_peek_last_error();
  const std::string said = take_openssl_error();
  if (!peer.failure.empty()) return peer.failure;
  if (ERR_GET_LIB(code) == ERR_LIB_SSL) {
    switch (ERR_GET_REASON(code)) {
      case SSL_R_WRONG_VERSION_NUMBER:
      case SSL_R_HTTP_REQUEST:
      case SSL_R_PACKET_LENGTH_TOO_LONG:
        return peer.host.empty() ? "the client does not speak TLS" : peer.host + " does not speak TLS";
      case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED: return peer.host + " requires a client certificate";
      case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE: return "the client sent no certificate";
      case SSL_R_NO_APPLICATION_PROTOCOL: return "the client does not offer http/1.1 (ALPN)";
      case SSL_R_UNSUPPORTED_PROTOCOL:
      case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION: return "there is no common TLS version from 1.2 on (" + said + ")";
      default: break;
    }
  }
  return said.empty() ? "TLS failed" : said;
}

std::string take_openssl_error() {
  const unsigned long code = ERR_peek_last_error();
  ERR_clear_error();
  if (code == 0) return {};
  const char* const reason = ERR_reason_error_string(code);
  if (reason) return reason;
  char text[256];
  ERR_error_string_n(code, text, sizeof text);
  return text;
}

}  // namespace twinsocket::detail
