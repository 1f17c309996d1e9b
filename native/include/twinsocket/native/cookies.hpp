#pragma once

// Cookies of a native client (RFC 6265); a browser has its own.

#include "twinsocket/detail/cxx20.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "twinsocket/url.hpp"

namespace twinsocket::native {

/// Keeps the cookies that servers set and gives them back to those that they are for: by domain, path, Secure and time.
/// In memory only; one thread at a time. SameSite says nothing here, as there is no page that one comes from. There is no
/// list of public suffixes such as co.uk: a server may set a cookie for any domain that it is below and that has a dot in
/// it.
class cookie_jar {
 public:
  using time_point = std::chrono::system_clock::time_point;

  /// Cookies beyond this for one domain, and in all, displace those that were not used for the longest time.
  static constexpr std::size_t max_per_domain = 50;
  static constexpr std::size_t max_cookies = 3'000;
  /// A cookie whose name and value are longer is not kept.
  static constexpr std::size_t max_bytes = 4'096;

  /// Takes the value of a Set-Cookie header that came from this address. What RFC 6265 section 5.3 does not allow is not
  /// kept.
  void store(const url& from, std::string_view set_cookie, time_point now = std::chrono::system_clock::now());

  /// The Cookie header for this address: "a=1; b=2", the longest path first; "" where there is none.
  [[nodiscard]] std::string header(const url& to, time_point now = std::chrono::system_clock::now());

  [[nodiscard]] std::size_t size() const noexcept { return cookies_.size(); }
  void clear() noexcept { cookies_.clear(); }

 private:
  struct cookie {
    std::string name;
    std::string value;
    std::string domain;  // In lower case, without a dot in front.
    std::string path;
    bool host_only = true;
    bool secure = false;
    time_point expires = time_point::max();
    std::uint64_t created = 0;
    std::uint64_t used = 0;
  };

  void make_room(const std::string& domain, time_point now);

  std::vector<cookie> cookies_;
  std::uint64_t turn_ = 0;  // Counts uses: what a clock tells is too coarse.
};

}  // namespace twinsocket::native
