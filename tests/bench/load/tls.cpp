#include "tls.hpp"

#include "fail.hpp"

namespace bench {

namespace {

// One cipher for all servers, because their defaults differ.
SSL_CTX* client_context() {
  static SSL_CTX* const context = [] {
    SSL_CTX* const made = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_min_proto_version(made, TLS1_3_VERSION);
    SSL_CTX_set_ciphersuites(made, "TLS_AES_128_GCM_SHA256");
    SSL_CTX_set_mode(made,
                     SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    return made;
  }();
  return context;
}

using session = std::unique_ptr<SSL_SESSION, decltype(&SSL_SESSION_free)>;

session& kept_session() {
  static session kept(nullptr, &SSL_SESSION_free);
  return kept;
}

}  // namespace

tls::tls(int descriptor, bool resume) : ssl_(SSL_new(client_context()), &SSL_free) {
  SSL_set_fd(ssl_.get(), descriptor);
  if (resume && kept_session()) SSL_set_session(ssl_.get(), kept_session().get());
  if (SSL_connect(ssl_.get()) != 1) fail("the TLS handshake failed");
}

// OpenSSL does not resume a session of a connection that ended without close_notify, unless it believes that it was sent.
void tls::keep_session() const {
  kept_session().reset(SSL_get1_session(ssl_.get()));
  SSL_set_shutdown(ssl_.get(), SSL_SENT_SHUTDOWN);
}

std::size_t tls::write(std::string_view bytes) {
  std::size_t taken = 0;
  while (taken < bytes.size()) {
    const int count = SSL_write(ssl_.get(), bytes.data() + taken, static_cast<int>(bytes.size() - taken));
    if (count > 0) {
      taken += static_cast<std::size_t>(count);
    } else if (SSL_get_error(ssl_.get(), count) == SSL_ERROR_WANT_WRITE) {
      break;
    } else {
      fail("TLS cannot be written");
    }
  }
  return taken;
}

// Reads all available records: epoll does not report data that is buffered inside OpenSSL.
std::size_t tls::read(char* to, std::size_t room) {
  std::size_t came = 0;
  do {
    const int count = SSL_read(ssl_.get(), to + came, static_cast<int>(room - came));
    if (count > 0) {
      came += static_cast<std::size_t>(count);
    } else if (SSL_get_error(ssl_.get(), count) == SSL_ERROR_WANT_READ) {
      break;
    } else {
      fail("the server closed a connection, or TLS cannot be read");
    }
  } while (came < room && SSL_pending(ssl_.get()) > 0);
  return came;
}

}  // namespace bench
