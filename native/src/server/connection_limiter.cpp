#include "server/connection_limiter.hpp"

namespace twinsocket::detail {

namespace {

// The key to count an address by. For IPv6 it is the /64 network, because one client usually has a whole one. IPv4 addresses
// use a prefix of the multicast range, which is never a source address.
std::uint64_t network_of(const boost::asio::ip::address& address) {
  constexpr std::uint64_t is_v4 = 0xffff'ffff'0000'0000;
  if (address.is_v4()) return is_v4 | address.to_v4().to_uint();
  const auto v6 = address.to_v6();
  if (v6.is_v4_mapped()) return is_v4 | boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, v6).to_uint();
  std::uint64_t network = 0;
  const auto bytes = v6.to_bytes();
  for (std::size_t i = 0; i < 8; ++i) network = network << 8 | bytes[i];
  return network;
}

}  // namespace

connection_limiter::lease::lease(connection_limiter& limiter, const boost::asio::ip::address* address)
    : limiter_(&limiter), network_(0), decision_(connection_limiter::decision::accepted) {
  const std::size_t before = limiter_->open_.fetch_add(1);
  if (before >= limiter_->limit_) decision_ = connection_limiter::decision::limit;
  if (before >= limiter_->limit_ && before - limiter_->limit_ >= max_concurrent_refusals)
    decision_ = connection_limiter::decision::flood;
  if (address && !count_address(*address) && decision_ == connection_limiter::decision::accepted)
    decision_ = connection_limiter::decision::address_limit;
}

connection_limiter::lease::~lease() {
  if (!limiter_) return;
  limiter_->open_.fetch_sub(1);
  uncount_address();
}

bool connection_limiter::lease::set_address(const std::optional<boost::asio::ip::address>& address) {
  if (address && limiter_->applies_per_address_limit_to(*address) && network_of(*address) == network_) return true;
  uncount_address();
  if (!address || count_address(*address)) return true;
  uncount_address();
  return false;
}

bool connection_limiter::lease::count_address(const boost::asio::ip::address& address) {
  if (!limiter_->applies_per_address_limit_to(address)) return true;
  network_ = network_of(address);
  const std::scoped_lock lock(limiter_->mutex_);
  return limiter_->connections_per_network_[network_]++ < limiter_->limit_per_address_;
}

void connection_limiter::lease::uncount_address() {
  const std::uint64_t network = std::exchange(network_, 0);
  if (network == 0) return;
  const std::scoped_lock lock(limiter_->mutex_);
  const auto found = limiter_->connections_per_network_.find(network);
  if (--found->second == 0) limiter_->connections_per_network_.erase(found);
}

bool connection_limiter::applies_per_address_limit_to(const boost::asio::ip::address& address) const {
  if (limit_per_address_ == 0) return false;
  if (limits_loopback_) return true;
  const bool is_mapped = address.is_v6() && address.to_v6().is_v4_mapped();
  return !(is_mapped ? boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, address.to_v6()).is_loopback()
                     : address.is_loopback());
}

}  // namespace twinsocket::detail
