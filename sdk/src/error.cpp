#include "twinsocket/error.hpp"

#include <boost/throw_exception.hpp>
#include <cstdlib>

#include "twinsocket/close.hpp"

namespace twinsocket {

std::string_view describe(errc code) noexcept {
  switch (code) {
    case errc::ok: return "no error";
    case errc::closed: return "the connection is closed";
    case errc::wrong_thread: return "not on the thread of the connection's event loop";
    case errc::peer_timeout: return "the peer did not answer in time";
    case errc::timed_out: return "the operation timed out";
    case errc::cancelled: return "the operation was cancelled";
    case errc::invalid_argument: return "invalid argument";
    case errc::invalid_url: return "not a WebSocket URL";
    case errc::resolve_failed: return "the host name cannot be resolved";
    case errc::connect_failed: return "cannot connect to the host";
    case errc::handshake_failed: return "the opening handshake failed";
    case errc::tls_failed: return "TLS could not be established";
    case errc::protocol_violation: return "the peer violated the protocol";
    case errc::invalid_utf8: return "the text is not valid UTF-8";
    case errc::invalid_close_code: return "invalid close code";
    case errc::reason_too_long: return "the close reason is too long";
    case errc::message_too_big: return "the message is too big";
    case errc::too_many_fragments: return "the message has too many fragments";
    case errc::queue_full: return "the send queue is full";
    case errc::wrong_kind: return "the message is of the wrong kind";
    case errc::malformed: return "the document is not well-formed";
    case errc::type_mismatch: return "the document does not match the described type";
    case errc::too_deep: return "the document is nested too deep";
    case errc::unsupported: return "not available here";
    case errc::system: return "the operating system reported an error";
  }
  return "unknown error";
}

namespace {

class twinsocket_category final : public std::error_category {
 public:
  [[nodiscard]] const char* name() const noexcept override { return "twinsocket"; }
  [[nodiscard]] std::string message(int code) const override { return std::string(describe(static_cast<errc>(code))); }
};

}  // namespace

const std::error_category& category() noexcept {
  static const twinsocket_category instance;
  return instance;
}

error::error(errc code, std::string detail, std::error_code cause) : code_(code) {
  if (!detail.empty() || cause)
    details_ = std::make_shared<details>(details{std::move(detail), cause, nullptr, nullptr});
}

const std::string& error::detail() const& noexcept {
  static const std::string none;
  return details_ ? details_->detail : none;
}

error& error::response(std::shared_ptr<const handshake_response> from) {
  details_ =
      std::make_shared<details>(details{detail(), cause(), std::move(from), details_ ? details_->close : nullptr});
  return *this;
}

error& error::close(const close_info& how) {
  details_ = std::make_shared<details>(
      details{detail(), cause(), details_ ? details_->response : nullptr, std::make_shared<close_info>(how)});
  return *this;
}

std::string error::message() const {
  std::string text(describe(code_));
  if (!detail().empty()) text.append(": ").append(detail());
  if (cause()) text.append(" (").append(cause().message()).append(")");
  return text;
}

void throw_exception_from_error(const error& e, const boost::source_location& where) {
  boost::throw_exception(std::system_error(make_error_code(e.code()), e.detail()), where);
}

}  // namespace twinsocket

#if defined(BOOST_NO_EXCEPTIONS)
// Without exceptions Boost calls this function of the program instead of throwing. It is weak, so that a program's own
// definition takes precedence.
namespace boost {

[[gnu::weak]] void throw_exception(const std::exception&) { std::abort(); }
[[gnu::weak]] void throw_exception(const std::exception&, const source_location&) { std::abort(); }

}  // namespace boost
#endif
