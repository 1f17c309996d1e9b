#pragma once

// An HTTP request, as passed to a server's handlers. A plain value: it can be copied, stored, and read by several threads at
// the same time. The views that it returns are valid as long as the request object.

#include "twinsocket/detail/cxx20.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twinsocket/detail/lifetime.hpp"
#include "twinsocket/native/attributes.hpp"
#include "twinsocket/native/client_certificate.hpp"

namespace twinsocket::detail {
struct request_builder;
}  // namespace twinsocket::detail

namespace twinsocket {
inline namespace native {

/// An HTTP request, as passed to a server's handlers. A plain value, which several threads may read at once. The views
/// that it returns are valid as long as the request object.
class request {
 public:
  /// The method, such as "GET".
  [[nodiscard]] std::string_view method() const& noexcept TWINSOCKET_LIFETIMEBOUND { return view(method_); }
  std::string_view method() const&& = delete;

  /// The request target, path and query, as received: "/room/blue%20one?since=5".
  [[nodiscard]] std::string_view target() const& noexcept TWINSOCKET_LIFETIMEBOUND { return view(target_); }
  std::string_view target() const&& = delete;

  /// The path as received, not decoded. Begins with "/".
  [[nodiscard]] std::string_view path() const& noexcept TWINSOCKET_LIFETIMEBOUND { return view(path_); }
  std::string_view path() const&& = delete;

  /// The requested host as received, with its port if there is one: the Host header, or the authority of a target in
  /// absolute form (RFC 9112 section 3.2.2).
  [[nodiscard]] std::string_view host() const& noexcept TWINSOCKET_LIFETIMEBOUND { return view(host_); }
  std::string_view host() const&& = delete;

  /// The value of the route parameter {name}, percent-decoded. "" if the pattern has no such parameter; otherwise never
  /// empty.
  [[nodiscard]] std::string_view parameter(std::string_view name) const& noexcept TWINSOCKET_LIFETIMEBOUND;
  std::string_view parameter(std::string_view name) const&& = delete;

  /// The first value of this name in the query, decoded as a form (a "+" is a space). Malformed percent-encoding is kept
  /// unchanged.
  [[nodiscard]] std::optional<std::string> query(std::string_view name) const;

  /// The value of a header, the first one if it occurs several times. The name is case-insensitive.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const& noexcept TWINSOCKET_LIFETIMEBOUND;
  std::optional<std::string_view> header(std::string_view name) const&& = delete;

  /// All values of a header, in the order received.
  [[nodiscard]] std::vector<std::string_view> headers(std::string_view name) const& TWINSOCKET_LIFETIMEBOUND;
  std::vector<std::string_view> headers(std::string_view name) const&& = delete;

  /// The value of a cookie (RFC 6265 section 4.2).
  [[nodiscard]] std::optional<std::string_view> cookie(std::string_view name) const& noexcept TWINSOCKET_LIFETIMEBOUND;
  std::optional<std::string_view> cookie(std::string_view name) const&& = delete;

  /// The body, at most server_options::max_body_size.
  [[nodiscard]] const std::string& body() const noexcept TWINSOCKET_LIFETIMEBOUND { return body_; }

  /// The client's address in readable form, such as "127.0.0.1:51234". Behind a trusted proxy
  /// (server_options::trusted_proxies) it is the client that the proxy names, such as "203.0.113.7", with a port only if the
  /// proxy sends one. "unix:" for a client on a Unix-domain socket.
  [[nodiscard]] const std::string& remote_address() const noexcept TWINSOCKET_LIFETIMEBOUND { return remote_address_; }

  /// "https" if the client uses TLS, to this server or, according to a trusted proxy, to the proxy. Otherwise "http".
  [[nodiscard]] std::string_view scheme() const noexcept { return secure_ ? "https" : "http"; }

  /// The client's certificate, or null if it sent none (server_options::client_certificates).
  [[nodiscard]] const twinsocket::client_certificate* client_certificate() const noexcept { return certificate_.get(); }

  /// The value of this type that middleware or the route's request hook attached with admission::attach(), or null. Valid as
  /// long as this request or any copy of it.
  template <class T>
  [[nodiscard]] const T* attribute() const noexcept {
    return attributes_.get<T>();
  }

 private:
  friend struct detail::request_builder;

  // Offsets into text_, which holds the whole header: one allocation instead of one per field.
  struct slice {
    std::uint32_t first = 0;
    std::uint32_t size = 0;
  };
  struct pair {
    slice name;
    slice value;
  };
  [[nodiscard]] std::string_view view(slice p) const noexcept {
    return std::string_view(text_).substr(p.first, p.size);
  }

  std::string text_;
  slice method_;
  slice target_;
  slice path_;
  slice query_;
  slice host_;
  std::vector<pair> fields_;
  std::vector<pair> parameters_;
  std::string body_;
  std::string remote_address_;
  std::shared_ptr<const twinsocket::client_certificate> certificate_;
  twinsocket::attributes attributes_;
  bool secure_ = false;
  bool scheme_is_forwarded_ = false;
};

}  // namespace native
}  // namespace twinsocket
