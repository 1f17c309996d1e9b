#pragma once

// The connection limits: counts open connections, in total and per address.

#include <atomic>
#include <boost/asio/ip/address.hpp>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>

namespace twinsocket::detail {

/// Thread-safe.
class connection_limiter {
 public:
  connection_limiter(std::size_t limit, std::optional<std::size_t> limit_per_address)
      : limit_(limit),
        limit_per_address_(limit_per_address.value_or(default_limit_per_address)),
        limits_loopback_(limit_per_address.has_value()) {}

  enum class decision : std::uint8_t {
    accepted,       ///< Within the limits.
    limit,          ///< Over the limit; answered with 503.
    address_limit,  ///< Over the limit of the address; answered with 503.
    flood,          ///< Too many connections are being refused already; closed without a response.
  };

  /// Counts one connection for its lifetime.
  class lease {
   public:
    lease(connection_limiter& limiter, const boost::asio::ip::address& address) : lease(limiter, &address) {}
    /// Without an address: counts towards the total only.
    explicit lease(connection_limiter& limiter) : lease(limiter, nullptr) {}
    lease(lease&& other) noexcept
        : limiter_(std::exchange(other.limiter_, nullptr)), network_(other.network_), decision_(other.decision_) {}
    ~lease();

    [[nodiscard]] connection_limiter::decision decision() const noexcept { return decision_; }

    /// Counts the connection for another address, or for none, from now on. Returns false if that address is at its limit;
    /// the connection then counts for none.
    [[nodiscard]] bool set_address(const std::optional<boost::asio::ip::address>& address);

   private:
    lease(connection_limiter& limiter, const boost::asio::ip::address* address);
    [[nodiscard]] bool count_address(const boost::asio::ip::address& address);
    void uncount_address();

    connection_limiter* limiter_;
    std::uint64_t network_;  // 0 if no address is counted.
    connection_limiter::decision decision_;
  };

  [[nodiscard]] std::size_t open() const noexcept { return open_; }

 private:
  /// Whether the limit per address applies to this address.
  [[nodiscard]] bool applies_per_address_limit_to(const boost::asio::ip::address& address) const;

  // Connections beyond the limit that may be answered with 503 at the same time. Each is short-lived.
  static constexpr std::size_t max_concurrent_refusals = 256;
  static constexpr std::size_t default_limit_per_address = 1'000;

  const std::size_t limit_;
  const std::size_t limit_per_address_;
  const bool limits_loopback_;
  std::atomic<std::size_t> open_{0};
  std::mutex mutex_;
  std::unordered_map<std::uint64_t, std::size_t> connections_per_network_;
};

}  // namespace twinsocket::detail
