#pragma once

// Cookies of native clients (RFC 6265). Browsers use their own.

#include "twinsocket/detail/cxx20.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "twinsocket/url.hpp"

namespace twinsocket {
inline namespace native {

/// In-memory cookie store. Stores the cookies that servers set, and selects those to send by domain, path, Secure and
/// expiry. SameSite is ignored, because there is no page that initiates the request. There is no public suffix list (co.uk):
/// a server may set a cookie for any parent domain that contains a dot. Not thread-safe.
class cookie_jar {
 public:
  using time_point = std::chrono::system_clock::time_point;  ///< A time of the system clock, like expiry dates.

  /// Maximum number of cookies per domain. Beyond it the least recently used one of the domain is evicted.
  static constexpr std::size_t max_per_domain = 50;
  /// Maximum number of cookies in total. Beyond it the least recently used one is evicted.
  static constexpr std::size_t max_cookies = 3'000;
  /// Maximum size of a cookie's name and value together. Larger cookies are ignored.
  static constexpr std::size_t max_bytes = 4'096;

  /// Stores the value of a Set-Cookie header received from this URL. A cookie that RFC 6265 section 5.3 rejects is ignored.
  void store(const url& from, std::string_view set_cookie, time_point now = std::chrono::system_clock::now());

  /// Returns the Cookie header for this URL, such as "a=1; b=2", longest path first; "" if no cookie matches.
  [[nodiscard]] std::string header(const url& to, time_point now = std::chrono::system_clock::now());

  /// Cookies that have expired may be counted still.
  [[nodiscard]] std::size_t size() const noexcept { return cookies_.size(); }
  void clear() noexcept { cookies_.clear(); }  ///< Forgets all cookies.

 private:
  struct cookie {
    std::string name;
    std::string value;
    std::string domain;  // In lower case, without a leading dot.
    std::string path;
    bool host_only = true;
    bool secure = false;
    time_point expires = time_point::max();
    std::uint64_t created = 0;
    std::uint64_t last_used = 0;
  };

  void evict(const std::string& domain, time_point now);

  std::vector<cookie> cookies_;
  std::uint64_t use_count_ = 0;  // Use counter for the LRU order, because clock resolution is too coarse.
};

}  // namespace native
}  // namespace twinsocket
