#include "server/gate.hpp"

#include <algorithm>

namespace twinsocket::detail {

namespace {

// One client has a whole /64 network of IPv6 to come from.
boost::asio::ip::address network_of(const boost::asio::ip::address& address) {
  if (address.is_v4()) return address;
  const auto v6 = address.to_v6();
  if (v6.is_v4_mapped()) return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, v6);
  auto bytes = v6.to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), 0);
  return boost::asio::ip::address_v6(bytes);
}

}  // namespace

gate::ticket::ticket(gate& from, const boost::asio::ip::address& address)
    : gate_(&from), network_(network_of(address)), verdict_(gate::verdict::open) {
  const std::size_t before = gate_->open_.fetch_add(1);
  if (before >= gate_->limit_) verdict_ = gate::verdict::full;
  if (before >= gate_->limit_ && before - gate_->limit_ >= refused_at_once) verdict_ = gate::verdict::far_beyond_full;
  if (gate_->limit_per_address_ == 0) return;
  const std::scoped_lock lock(gate_->mutex_);
  const std::size_t of_this = gate_->from_[network_]++;
  if (of_this >= gate_->limit_per_address_ && verdict_ == gate::verdict::open) verdict_ = gate::verdict::full;
}

gate::ticket::~ticket() {
  if (!gate_) return;
  gate_->open_.fetch_sub(1);
  if (gate_->limit_per_address_ == 0) return;
  const std::scoped_lock lock(gate_->mutex_);
  const auto found = gate_->from_.find(network_);
  if (--found->second == 0) gate_->from_.erase(found);
}

}  // namespace twinsocket::detail
