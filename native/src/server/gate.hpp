#pragma once

// How many connections are open, in all and from one address.

#include <atomic>
#include <boost/asio/ip/address.hpp>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>

namespace twinsocket::detail {

/// May be used from any thread.
class gate {
 public:
  gate(std::size_t limit, std::optional<std::size_t> limit_per_address)
      : limit_(limit),
        limit_per_address_(limit_per_address.value_or(usual_limit_per_address)),
        limits_loopback_(limit_per_address.has_value()) {}

  enum class verdict : std::uint8_t {
    open,             ///< Come in.
    full,             ///< Too many; there is still time to say so.
    address_is_full,  ///< Too many from that address, likewise.
    far_beyond_full,  ///< Not even that.
  };

  /// One connection, for as long as it lives.
  class ticket {
   public:
    ticket(gate& from, const boost::asio::ip::address& address) : ticket(from, &address) {}
    /// Without an address it counts in all, but for none.
    explicit ticket(gate& from) : ticket(from, nullptr) {}
    ticket(ticket&& other) noexcept
        : gate_(std::exchange(other.gate_, nullptr)), network_(other.network_), verdict_(other.verdict_) {}
    ~ticket();

    [[nodiscard]] gate::verdict verdict() const noexcept { return verdict_; }

    /// Counts it for another address from now on, or for none. False where that address has too many already; it is then
    /// counted for none.
    [[nodiscard]] bool move_to(const std::optional<boost::asio::ip::address>& address);

   private:
    ticket(gate& from, const boost::asio::ip::address* address);
    [[nodiscard]] bool count_for(const boost::asio::ip::address& address);
    void count_for_none();

    gate* gate_;
    std::uint64_t network_;  // 0 where the address is not counted.
    gate::verdict verdict_;
  };

  [[nodiscard]] std::size_t open() const noexcept { return open_; }

 private:
  /// Whether an address has a limit of its own.
  [[nodiscard]] bool counts(const boost::asio::ip::address& address) const;

  // Connections that are told that there is no room: they hold no more than a socket for a moment.
  static constexpr std::size_t refused_at_once = 256;
  static constexpr std::size_t usual_limit_per_address = 1'000;

  const std::size_t limit_;
  const std::size_t limit_per_address_;
  const bool limits_loopback_;
  std::atomic<std::size_t> open_{0};
  std::mutex mutex_;
  std::unordered_map<std::uint64_t, std::size_t> from_;
};

}  // namespace twinsocket::detail
