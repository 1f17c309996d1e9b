#pragma once

// Errors are values: a function that can fail returns a result<T>, and twinsocket throws no exception across the API.
// All types here are plain values, usable from any thread like an int or a std::string.

#include "twinsocket/detail/cxx20.hpp"

#include <boost/assert/source_location.hpp>
#include <boost/system/result.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace twinsocket {

class handshake_response;
struct close_info;

/// Why an operation failed. The text of an error contains the rejected value and the limit.
enum class errc : std::uint8_t {
  ok = 0,              ///< No error; never in an error object.
  closed,              ///< The connection is closed; its close_info says how.
  peer_timeout,        ///< The peer did not answer a ping or a close frame in time: the connection is lost (1006).
  timed_out,           ///< A timeout of the call expired.
  cancelled,           ///< The caller cancelled the operation.
  invalid_argument,    ///< An argument is invalid.
  invalid_url,         ///< The address is not a ws:// or wss:// URL.
  resolve_failed,      ///< The host name has no address.
  connect_failed,      ///< No connection to the host could be made.
  handshake_failed,    ///< The peer did not complete the opening handshake (RFC 6455 section 4).
  tls_failed,          ///< TLS could not be established, or the certificate was rejected.
  protocol_violation,  ///< The peer violated RFC 6455 or RFC 7692.
  invalid_utf8,        ///< Text is not valid UTF-8.
  invalid_close_code,  ///< A close code that may not be sent (RFC 6455 section 7.4).
  reason_too_long,     ///< A close reason of more than 123 bytes.
  message_too_big,     ///< A message exceeds the size limit.
  too_many_fragments,  ///< A message has more fragments than allowed.
  queue_full,          ///< The send queue has no room for the message.
  wrong_kind,          ///< A text message where a binary one was expected, or the reverse.
  malformed,           ///< A document is not well-formed JSON, XML or CBOR.
  type_mismatch,       ///< A well-formed document does not match the described type.
  too_deep,            ///< A document is nested deeper than allowed.
  unsupported,         ///< Not available on this platform or in this build.
  system,              ///< The operating system refused; see error::cause().
  wrong_thread,        ///< Called on a thread other than that of the connection's event loop.
};

/// A description of the code in one sentence, without a full stop.
[[nodiscard]] std::string_view describe(errc code) noexcept;

/// The std::error_code category "twinsocket".
[[nodiscard]] const std::error_category& category() noexcept;

/// Converts to std::error_code, of category(). Makes `std::error_code e = errc::closed` work.
[[nodiscard]] inline std::error_code make_error_code(errc code) noexcept {
  return {static_cast<int>(code), category()};
}

/// An error code, its details and its underlying cause. Small: copies share everything but the code.
class error {
 public:
  error(errc code = errc::ok) noexcept : code_(code) {}
  /// `detail` contains the value and the limit; `cause` is the error code of the operating system or of a library, if
  /// any.
  error(errc code, std::string detail, std::error_code cause = {});

  [[nodiscard]] errc code() const noexcept { return code_; }  ///< `e == errc::closed` compares it.
  /// What went wrong in this case, such as the rejected value and the limit; "" if there is nothing to add to the code.
  /// Valid as long as any copy of this error lives.
  [[nodiscard]] const std::string& detail() const& noexcept;
  std::string detail() && { return static_cast<const error&>(*this).detail(); }
  /// The error code of the operating system or of a library (OpenSSL, the resolver). Converts to false if there is
  /// none.
  [[nodiscard]] std::error_code cause() const noexcept { return details_ ? details_->cause : std::error_code(); }

  /// The server's HTTP response when it rejected the opening handshake; only from connect() natively, otherwise null.
  /// Valid as long as any copy of this error lives.
  [[nodiscard]] const handshake_response* response() const noexcept {
    return details_ ? details_->response.get() : nullptr;
  }
  error& response(std::shared_ptr<const handshake_response> from);

  /// How the connection ended, if that is the error: set when receive(), send() or ping() fails because the connection
  /// is closed. Otherwise null. Valid as long as any copy of this error lives.
  [[nodiscard]] const close_info* close() const noexcept { return details_ ? details_->close.get() : nullptr; }
  error& close(const close_info& how);

  /// A human-readable text: the description of the code, the detail and the cause, for example "cannot connect to
  /// the host: 127.0.0.1:9 (Connection refused)".
  [[nodiscard]] std::string message() const;

  friend bool operator==(const error& e, errc code) noexcept { return e.code_ == code; }

 private:
  struct details {
    std::string detail;
    std::error_code cause;
    std::shared_ptr<const handshake_response> response;
    std::shared_ptr<const close_info> close;
  };

  std::shared_ptr<const details> details_;  // Null if there is only a code.
  errc code_;
};

/// Called by result<T>::value() on an error. Without exceptions it ends the program.
[[noreturn]] void throw_exception_from_error(const error& e, const boost::source_location& where);

namespace detail {

/// True for types whose functions return views of the object.
template <class T>
concept has_borrowed_views = requires {
  typename T::has_borrowed_views;
};

}  // namespace detail

/// A value of type T, or an error. Converts to true if it holds a value; `*r` and `r->` access it.
template <class T>
class [[nodiscard("a discarded result may hide an error: check it, or discard it explicitly with (void)")]] result
    : public boost::system::result<T, error> {
 public:
  using boost::system::result<T, error>::result;

  T* operator->()& noexcept { return boost::system::result<T, error>::operator->(); }
  const T* operator->() const& noexcept { return boost::system::result<T, error>::operator->(); }
  T* operator->()&& noexcept requires(!detail::has_borrowed_views<T>) {
    return boost::system::result<T, error>::operator->();
  }
  // A message's text() refers to the message: name a temporary result first.
  void operator->() && requires detail::has_borrowed_views<T>
  = delete;
};

/// Success without a value, or an error.
template <>
class [[nodiscard]] result<void> : public boost::system::result<void, error> {
 public:
  using boost::system::result<void, twinsocket::error>::result;
};

}  // namespace twinsocket

template <>
struct std::is_error_code_enum<twinsocket::errc> : std::true_type {};
