#include "http/host.hpp"

#include "test.hpp"

using twinsocket::detail::host_with_port;
using twinsocket::detail::is_valid_host;
using twinsocket::detail::split_port;

TEST_CASE("host_with_port() brackets IPv6 addresses") {
  CHECK(host_with_port("example.com", 80) == "example.com:80");
  CHECK(host_with_port("127.0.0.1", 8080) == "127.0.0.1:8080");
  CHECK(host_with_port("::1", 443) == "[::1]:443");
  CHECK(host_with_port("fe80::1%eth0", 443) == "[fe80::1%eth0]:443");
}

TEST_CASE("split_port() splits host and port, also of a bracketed IPv6 address") {
  struct row {
    const char* text;
    const char* host;
    const char* port;
    bool has_port;
  };
  const auto r =
      GENERATE(row{"a", "a", "", false}, row{"a:80", "a", "80", true}, row{"a:", "a", "", true},
               row{":80", "", "80", true}, row{"", "", "", false}, row{"[::1]", "[::1]", "", false},
               row{"[::1]:80", "[::1]", "80", true}, row{"[::1", "[", ":1", true}, row{"a:b]c:d", "a", "b]c:d", true});
  CAPTURE(r.text);
  const auto parts = split_port(r.text);
  CHECK(parts.host == r.host);
  CHECK(parts.port == r.port);
  CHECK(parts.has_port == r.has_port);
}

TEST_CASE("is_valid_host() rejects delimiters, spaces and non-ASCII bytes") {
  for (const char* host : {"", "a.b-c", "127.0.0.1:80", "[::1]:80", "a%41", "xn--bcher-kva"})
    CHECK(is_valid_host(host));
  for (const char* host : {"a/b", "a b", "a?b", "a#b", "a@b", "a\"b", "b\xC3\xBC"}) CHECK_FALSE(is_valid_host(host));
}
