#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connection/wire_connection.hpp"
#include "twinsocket/connection.hpp"

/// A server's connection on a transport that records each write and accepts only as much as the test allows.
class recorded_subscriber final : private twinsocket::detail::byte_transport {
 public:
  explicit recorded_subscriber(twinsocket::detail::loop& home, const twinsocket::limits& values = {},
                               const twinsocket::detail::compression_setup& compression = {})
      : state_(std::make_shared<twinsocket::detail::wire_connection>(
            home,
            twinsocket::detail::session_options{.self = twinsocket::detail::role::server,
                                                .random = nullptr,
                                                .limits = values,
                                                .keepalive = twinsocket::keepalive().off(),
                                                .compression = compression},
            "")),
        socket(state_) {
    state_->start(*this);
  }
  recorded_subscriber(const recorded_subscriber&) = delete;
  recorded_subscriber& operator=(const recorded_subscriber&) = delete;
  ~recorded_subscriber() { state_->abort(); }

  [[nodiscard]] twinsocket::detail::wire_connection& state() noexcept { return *state_; }

  /// The writes since the last call.
  [[nodiscard]] std::vector<std::string> writes() { return std::exchange(writes_, {}); }
  [[nodiscard]] bool is_cut() const noexcept { return cut_; }

  /// From now on the transport accepts this many bytes and no more.
  void takes_only(std::size_t bytes) { room_ = bytes; }

 private:
  std::size_t write(std::span<const std::byte> bytes) override {
    const std::size_t taken = std::min(bytes.size(), room_);
    if (room_ != everything) room_ -= taken;
    writes_.emplace_back(reinterpret_cast<const char*>(bytes.data()), taken);
    return taken;
  }
  void read(bool) override {}
  void end() override {}
  void cut() override { cut_ = true; }

  static constexpr std::size_t everything = std::size_t(-1);
  std::size_t room_ = everything;
  std::vector<std::string> writes_;
  bool cut_ = false;
  std::shared_ptr<twinsocket::detail::wire_connection> state_;

 public:
  twinsocket::connection socket;
};
