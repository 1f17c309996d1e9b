#pragma once

// An HTTP request, as the handlers of a server see it. A plain value: it may be copied, kept, and read by several
// threads at once. The views that it gives live as long as it does.

#include "twinsocket/detail/cxx20.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twinsocket/native/attributes.hpp"
#include "twinsocket/native/client_certificate.hpp"

namespace twinsocket {

namespace detail {
struct request_access;
}

class request {
 public:
  /// The method, such as "GET".
  [[nodiscard]] std::string_view method() const noexcept { return view(method_); }

  /// The path and the query as they came, such as "/room/blue%20one?since=5".
  [[nodiscard]] std::string_view target() const noexcept { return view(target_); }

  /// The path alone, as it came; it begins with "/".
  [[nodiscard]] std::string_view path() const noexcept { return view(path_); }

  /// The host that is asked for, as it came, with its port where there is one: the Host header, or what stands before
  /// the path where the client wrote a whole URL (RFC 9112 section 3.2.2).
  [[nodiscard]] std::string_view host() const noexcept { return view(host_); }

  /// What stands at {name} of the route's pattern, percent-decoded; never empty where the pattern has that parameter,
  /// and "" where it has none.
  [[nodiscard]] std::string_view parameter(std::string_view name) const noexcept;

  /// The first value of a name in the query, decoded as forms are (a "+" is a space). A broken percent-encoding stays
  /// as it is.
  [[nodiscard]] std::optional<std::string> query(std::string_view name) const;

  /// The value of a header, in whatever case its name is written; the first where it comes more than once.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const noexcept;

  /// All values of a header, in the order in which they came.
  [[nodiscard]] std::vector<std::string_view> headers(std::string_view name) const;

  /// The value of a cookie that the client sent (RFC 6265 section 4.2).
  [[nodiscard]] std::optional<std::string_view> cookie(std::string_view name) const noexcept;

  /// The content, at most server_options::body_bytes.
  [[nodiscard]] const std::string& body() const noexcept { return body_; }

  /// The client's address for people, such as "127.0.0.1:51234". Behind a trusted proxy (server_options::trusted_proxies)
  /// it is what the proxy says, such as "203.0.113.7", with a port only where the proxy names it. "unix:" for a client on a
  /// Unix-domain socket.
  [[nodiscard]] const std::string& remote_address() const noexcept { return remote_address_; }

  /// "https" where the client speaks TLS, to this server or, as a trusted proxy says, to the proxy; else "http".
  [[nodiscard]] std::string_view scheme() const noexcept { return secure_ ? "https" : "http"; }

  /// The certificate that the client has shown; null where it has shown none (server_options::client_certificates).
  [[nodiscard]] const twinsocket::client_certificate* client_certificate() const noexcept { return certificate_.get(); }

  /// The value of this type that middleware or the route's request hook attached with admission::with(), or null. It lives as
  /// long as this request or any copy of it.
  template <class T>
  [[nodiscard]] const T* attribute() const noexcept {
    return attributes_.get<T>();
  }

 private:
  friend struct detail::request_access;

  // Places in text_, which holds all that came with the header: one block of memory instead of one for each field.
  struct piece {
    std::uint32_t first = 0;
    std::uint32_t size = 0;
  };
  struct pair {
    piece name;
    piece value;
  };
  [[nodiscard]] std::string_view view(piece p) const noexcept {
    return std::string_view(text_).substr(p.first, p.size);
  }

  std::string text_;
  piece method_;
  piece target_;
  piece path_;
  piece query_;
  piece host_;
  std::vector<pair> fields_;
  std::vector<pair> parameters_;
  std::string body_;
  std::string remote_address_;
  std::shared_ptr<const twinsocket::client_certificate> certificate_;
  twinsocket::attributes attributes_;
  bool secure_ = false;
  bool scheme_is_forwarded_ = false;
};

}  // namespace twinsocket
