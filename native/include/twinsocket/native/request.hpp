#pragma once

// An HTTP request, as the handlers of a server see it. A plain value: it may be copied, kept, and read by several
// threads at once. The views that it gives live as long as it does.

#include "twinsocket/detail/cxx20.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

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

  /// The client's address for people, such as "127.0.0.1:51234".
  [[nodiscard]] const std::string& remote_address() const noexcept { return remote_address_; }

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
};

}  // namespace twinsocket
