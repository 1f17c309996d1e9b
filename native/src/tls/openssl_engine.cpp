#include "tls/openssl_engine.hpp"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <cstring>
#include <string_view>
#include <utility>

#include "attempt.hpp"
#include "tls/openssl.hpp"
#include "tls/peer_certificate.hpp"
#include "tls/verification.hpp"

namespace twinsocket::detail {

namespace {

// Most bytes passed to OpenSSL at once, which makes records of 16 KiB of them.
constexpr std::size_t max_write_size = 128 * 1024;

class openssl_engine final : public tls_engine {
 public:
  openssl_engine(const tls_context& context, bool is_server, std::string host)
      : ssl_(SSL_new(context.handle())), peer_{.host = std::move(host), .failure = {}} {
    if (!ssl_) {
      fail("OpenSSL: " + take_openssl_error());
      return;
    }
    BIO* const bio = BIO_new(method());
    if (!bio) {
      fail("OpenSSL: " + take_openssl_error());
      ssl_.reset();
      return;
    }
    BIO_set_data(bio, this);
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl_.get(), bio, bio);
    if (is_server) {
      SSL_set_accept_state(ssl_.get());
      attach_verification(ssl_.get(), peer_);
    } else {
      SSL_set_connect_state(ssl_.get());
      set_expected_host();
    }
  }

  progress handshake() override {
    if (!ssl_) return progress::failed;
    ERR_clear_error();
    return outcome(SSL_do_handshake(ssl_.get()));
  }

  void feed(std::span<const std::byte> bytes) override {
    needs_input_ = false;
    if (retained_.empty()) {
      input_ = bytes;
      return;
    }
    retain_input();
    retained_.append(bytes);
    input_ = retained_.bytes();
  }

  void retain_input() override {
    if (input_.empty()) {
      retained_.reset();
    } else if (retained_.empty()) {
      retained_.append(input_);
      input_ = retained_.bytes();
    } else if (input_.size() != retained_.size()) {
      buffer rest(input_);
      retained_ = std::move(rest);
      input_ = retained_.bytes();
    }
  }

  // SSL_has_pending() is also true for an incomplete record, from which nothing can be read; `needs_input_` covers that.
  bool pending() const noexcept override {
    return !input_.empty() || (!needs_input_ && ssl_ && SSL_has_pending(ssl_.get()) != 0);
  }

  progress read(std::span<std::byte> room, std::size_t& count) override {
    count = 0;
    while (count < room.size()) {
      clear_errors();
      std::size_t more = 0;
      const int ok = SSL_read_ex(ssl_.get(), room.data() + count, room.size() - count, &more);
      if (ok != 1) {
        const progress now = outcome(ok);
        return count == 0 || now == progress::needs_input ? now : progress::done;
      }
      count += more;
      // Saves the call that would only say that there is no further record.
      if (input_.empty() && SSL_has_pending(ssl_.get()) == 0) return await_input();
    }
    return progress::done;
  }

  bool write(std::span<const std::byte> bytes) override {
    if (!ssl_) return false;
    while (!bytes.empty()) {
      const auto piece = bytes.first(std::min(bytes.size(), max_write_size));
      clear_errors();
      std::size_t written = 0;
      const int ok = SSL_write_ex(ssl_.get(), piece.data(), piece.size(), &written);
      if (ok != 1) {
        if (outcome(ok) != progress::failed) fail("TLS accepts no more data");
        return false;
      }
      bytes = bytes.subspan(written);
    }
    return true;
  }

  void finish() override {
    if (failure_.code() != errc::ok || !ssl_ || !SSL_is_init_finished(ssl_.get())) return;
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
  }

  buffer& output() noexcept override { return output_; }
  const error& failure() const noexcept override { return failure_; }

  std::shared_ptr<const client_certificate> peer_certificate() const override {
    const certificate_ptr shown(SSL_get_peer_certificate(ssl_.get()));
    return shown ? read_certificate(shown.get()) : nullptr;
  }

 private:
  static BIO_METHOD* method() {
    static const bio_method_ptr made = [] {
      BIO_METHOD* const m = BIO_meth_new(BIO_TYPE_SOURCE_SINK | BIO_get_new_index(), "twinsocket");
      if (!m) throw std::bad_alloc();
      BIO_meth_set_read_ex(m, [](BIO* bio, char* out, std::size_t size, std::size_t* count) {
        return static_cast<openssl_engine*>(BIO_get_data(bio))->read_input(bio, out, size, *count);
      });
      BIO_meth_set_write_ex(m, [](BIO* bio, const char* bytes, std::size_t size, std::size_t* count) {
        // Exceptions must not pass through OpenSSL's C code.
        auto& out = static_cast<openssl_engine*>(BIO_get_data(bio))->output_;
        if (!attempt([&] { out.append(std::as_bytes(std::span(bytes, size))); })) return 0;
        *count = size;
        return 1;
      });
      BIO_meth_set_ctrl(m, [](BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1L : 0L; });
      return bio_method_ptr(m);
    }();
    return made.get();
  }

  int read_input(BIO* bio, char* out, std::size_t size, std::size_t& count) {
    BIO_clear_retry_flags(bio);
    count = std::min(size, input_.size());
    if (count == 0) {
      BIO_set_retry_read(bio);
      return 0;
    }
    std::memcpy(out, input_.data(), count);
    if (!std::exchange(input_seen_, true) && !SSL_is_server(ssl_.get()))
      plain_http_seen_ = std::string_view(out, count).starts_with("HTTP/");
    input_ = input_.subspan(count);
    if (input_.empty()) retained_.reset();
    return 1;
  }

  // An IP address is not sent as SNI (RFC 6066 section 3). The certificate's subject is not matched (RFC 9525 section 6).
  void set_expected_host() {
    X509_VERIFY_PARAM* const expected = SSL_get0_param(ssl_.get());
    X509_VERIFY_PARAM_set_hostflags(expected,
                                    X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    attach_verification(ssl_.get(), peer_);
    boost::system::error_code no_address;
    static_cast<void>(boost::asio::ip::make_address(peer_.host, no_address));
    if (!no_address) {
      if (X509_VERIFY_PARAM_set1_ip_asc(expected, peer_.host.c_str()) != 1)
        fail("\"" + peer_.host + "\" cannot be checked");
      return;
    }
    std::string name = peer_.host;
    if (name.ends_with('.')) name.pop_back();  // Names in certificates have no trailing dot.
    if (X509_VERIFY_PARAM_set1_host(expected, name.data(), name.size()) != 1 ||
        // The macro SSL_set_tlsext_host_name, without its C-style cast.
        SSL_ctrl(ssl_.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data()) != 1)
      fail("\"" + peer_.host + "\" is not a valid server name");
  }

  progress outcome(int code) {
    if (code > 0) return progress::done;
    if (failure_.code() != errc::ok) return progress::failed;
    switch (SSL_get_error(ssl_.get(), code)) {
      case SSL_ERROR_NONE: return progress::done;
      case SSL_ERROR_WANT_READ: return await_input();
      case SSL_ERROR_ZERO_RETURN: return progress::ended;
      default:
        fail(plain_http_seen_ ? peer_.host + " does not speak TLS: use a ws:// URL or another port"
                              : describe_tls_failure(peer_));
        return progress::failed;
    }
  }

  progress await_input() noexcept {
    needs_input_ = true;
    return progress::needs_input;
  }

  // SSL_get_error() reads the thread's queue of errors, which has to be empty before. Looking costs less than clearing.
  static void clear_errors() noexcept {
    if (ERR_peek_error() != 0) ERR_clear_error();
  }

  void fail(std::string why) {
    if (failure_.code() == errc::ok) failure_ = error(errc::tls_failed, std::move(why));
  }

  ssl_ptr ssl_;
  peer_verification peer_;
  std::span<const std::byte> input_;  // Unconsumed input: the caller's bytes, or those of retained_.
  buffer retained_;
  buffer output_;
  error failure_;
  bool input_seen_ = false;
  bool plain_http_seen_ = false;  // The peer's first bytes are a plain HTTP response.
  bool needs_input_ = false;      // Nothing was fed since the last needs_input.
};

}  // namespace

std::unique_ptr<tls_engine> make_server_engine(const tls_context& context) {
  return std::make_unique<openssl_engine>(context, true, std::string());
}

std::unique_ptr<tls_engine> make_client_engine(const tls_context& context, const std::string& host) {
  return std::make_unique<openssl_engine>(context, false, host);
}

}  // namespace twinsocket::detail
