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
class recording_subscriber final : private twinsocket::detail::byte_transport {
 public:
  explicit recording_subscriber(twinsocket::detail::loop& own_loop, const twinsocket::limits& values = {},
                                const twinsocket::detail::compression_setup& compression = {})
      : state_(std::make_shared<twinsocket::detail::wire_connection>(
            own_loop,
            twinsocket::detail::session_options{.self = twinsocket::detail::role::server,
                                                .random = nullptr,
                                                .limits = values,
                                                .keepalive = twinsocket::keepalive().off(),
                                                .compression = compression},
            "")),
        socket(state_) {
    state_->start(*this);
  }
  recording_subscriber(const recording_subscriber&) = delete;
  recording_subscriber& operator=(const recording_subscriber&) = delete;
  ~recording_subscriber() { state_->abort(); }

  [[nodiscard]] twinsocket::detail::wire_connection& state() noexcept { return *state_; }

  /// The writes since the last call.
  [[nodiscard]] std::vector<std::string> writes() { return std::exchange(writes_, {}); }
  [[nodiscard]] bool is_stream_closed() const noexcept { return cut_; }

  /// From now on the transport accepts this many bytes and no more.
  void limit_writes(std::size_t bytes) { room_ = bytes; }

 private:
  std::size_t write(std::span<const std::byte> bytes) override {
    const std::size_t taken = std::min(bytes.size(), room_);
    if (room_ != everything) room_ -= taken;
    writes_.emplace_back(reinterpret_cast<const char*>(bytes.data()), taken);
    return taken;
  }
  void read(bool) override {}
  void end() override {}
  void close_stream() override { cut_ = true; }

  static constexpr std::size_t everything = std::size_t(-1);
  std::size_t room_ = everything;
  std::vector<std::string> writes_;
  bool cut_ = false;
  std::shared_ptr<twinsocket::detail::wire_connection> state_;

 public:
  twinsocket::connection socket;
};
