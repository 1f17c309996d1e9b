#include "server/gate.hpp"

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

gate::ticket::ticket(gate& from, const boost::asio::ip::address* address)
    : gate_(&from), network_(0), verdict_(gate::verdict::open) {
  const std::size_t before = gate_->open_.fetch_add(1);
  if (before >= gate_->limit_) verdict_ = gate::verdict::limit;
  if (before >= gate_->limit_ && before - gate_->limit_ >= refused_at_once) verdict_ = gate::verdict::flood;
  if (address && !count_address(*address) && verdict_ == gate::verdict::open) verdict_ = gate::verdict::address_limit;
}

gate::ticket::~ticket() {
  if (!gate_) return;
  gate_->open_.fetch_sub(1);
  uncount_address();
}

bool gate::ticket::set_address(const std::optional<boost::asio::ip::address>& address) {
  if (address && gate_->counts(*address) && network_of(*address) == network_) return true;
  uncount_address();
  if (!address || count_address(*address)) return true;
  uncount_address();
  return false;
}

bool gate::ticket::count_address(const boost::asio::ip::address& address) {
  if (!gate_->counts(address)) return true;
  network_ = network_of(address);
  const std::scoped_lock lock(gate_->mutex_);
  return gate_->connections_per_network_[network_]++ < gate_->limit_per_address_;
}

void gate::ticket::uncount_address() {
  const std::uint64_t network = std::exchange(network_, 0);
  if (network == 0) return;
  const std::scoped_lock lock(gate_->mutex_);
  const auto found = gate_->connections_per_network_.find(network);
  if (--found->second == 0) gate_->connections_per_network_.erase(found);
}

bool gate::counts(const boost::asio::ip::address& address) const {
  if (limit_per_address_ == 0) return false;
  if (limits_loopback_) return true;
  const bool is_mapped = address.is_v6() && address.to_v6().is_v4_mapped();
  return !(is_mapped ? boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, address.to_v6()).is_loopback()
                     : address.is_loopback());
}

}  // namespace twinsocket::detail
