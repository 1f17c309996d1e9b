#include "server/trusted_proxy_set.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "server/acceptor.hpp"

namespace twinsocket::detail {

namespace {

namespace ip = boost::asio::ip;

ip::address_v6::bytes_type bytes_of(const ip::address& address) {
  return (address.is_v4() ? ip::make_address_v6(ip::v4_mapped, address.to_v4()) : address.to_v6()).to_bytes();
}

bool same_up_to(const ip::address_v6::bytes_type& a, const ip::address_v6::bytes_type& b, unsigned bits) {
  const unsigned whole = bits / 8;
  if (!std::equal(a.begin(), a.begin() + whole, b.begin())) return false;
  const unsigned rest = bits % 8;
  return rest == 0 || (a[whole] ^ b[whole]) >> (8 - rest) == 0;
}

}  // namespace

result<ip_network> ip_network::parse(const std::string& text) {
  const error wrong(errc::invalid_argument,
                    "\"" + text + "\" is neither an IP address nor a network such as 10.0.0.0/8 or fd00::/8");
  const std::size_t slash = text.find('/');
  boost::system::error_code failure;
  const auto address = ip::make_address(text.substr(0, slash), failure);
  if (failure || (address.is_v6() && address.to_v6().scope_id() != 0)) return wrong;
  ip_network made;
  made.first_ = bytes_of(address);
  if (slash == std::string::npos) return made;
  unsigned prefix = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, bad] = std::from_chars(text.data() + slash + 1, end, prefix);
  const unsigned longest = address.is_v4() ? 32 : 128;
  if (bad != std::errc() || rest != end) return wrong;
  if (prefix > longest)
    return error(errc::invalid_argument,
                 "the prefix of the network \"" + text + "\" is longer than " + std::to_string(longest) + " bits");
  made.prefix_ = prefix + (128 - longest);
  ip::address_v6::bytes_type cleared = made.first_;
  for (unsigned bit = made.prefix_; bit < 128; ++bit)
    cleared[bit / 8] = static_cast<unsigned char>(cleared[bit / 8] & ~(0x80U >> (bit % 8)));
  if (cleared != made.first_)
    return error(errc::invalid_argument,
                 "the network \"" + text + "\" has bits set beyond its prefix of " + std::to_string(prefix));
  return made;
}

bool ip_network::contains(const ip::address& address) const { return same_up_to(first_, bytes_of(address), prefix_); }

result<trusted_proxy_set> trusted_proxy_set::make(const trusted_proxies& options) {
  trusted_proxy_set made;
  made.header_ = options.header();
  for (const std::string& text : options.networks()) {
    if (text == "unix:") {
      made.unix_ = true;
      continue;
    }
    auto network = ip_network::parse(text);
    if (!network) return error(errc::invalid_argument, "trusted proxies: " + network.error().detail());
    made.networks_.push_back(*network);
  }
  return made;
}

bool trusted_proxy_set::trusts(const ip::address& address) const {
  return std::any_of(networks_.begin(), networks_.end(), [&](const ip_network& n) { return n.contains(address); });
}

bool trusted_proxy_set::trusts(const stream_socket::endpoint_type& peer) const {
  const auto number = to_tcp_endpoint(peer);
  return number ? trusts(number->address()) : unix_;
}

}  // namespace twinsocket::detail
