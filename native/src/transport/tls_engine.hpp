#pragma once

// TLS without a network: what the peer sent goes in, what is to be sent to it comes out, and so does what was said
// inside. Everything above it knows no more of TLS than this, so that another library can take its place.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "twinsocket/detail/buffer.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/native/client_certificate.hpp"

namespace twinsocket::detail {

class tls_engine {
 public:
  enum class progress : std::uint8_t {
    done,         ///< It went as far as was asked.
    wants_input,  ///< More has to be fed first.
    ended,        ///< The peer has said that nothing more will come (close_notify).
    failed,       ///< failure() says why; what is left of output() tells the peer.
  };

  tls_engine() = default;
  tls_engine(const tls_engine&) = delete;
  tls_engine& operator=(const tls_engine&) = delete;
  virtual ~tls_engine() = default;

  /// Begins the handshake, and goes on with it.
  [[nodiscard]] virtual progress handshake() = 0;

  /// Bytes came from the peer. They stay the caller's, who leaves them alone until they are used up, which
  /// progress::wants_input says, or until keep().
  virtual void feed(std::span<const std::byte> bytes) = 0;
  /// The caller takes its bytes back: what is not used up is copied.
  virtual void keep() = 0;
  /// True when read() may have something without being fed.
  [[nodiscard]] virtual bool pending() const noexcept = 0;

  /// Gives as much of what the peer has said as there is and fits; where `count` is 0 the result says why.
  [[nodiscard]] virtual progress read(std::span<std::byte> room, std::size_t& count) = 0;
  /// All of it becomes output. False when it failed. Only after the handshake.
  [[nodiscard]] virtual bool write(std::span<const std::byte> bytes) = 0;
  /// Says that nothing more will be written (close_notify).
  virtual void finish() = 0;

  /// What is to be sent to the peer; whoever sends it takes it off.
  [[nodiscard]] virtual buffer& output() noexcept = 0;
  [[nodiscard]] virtual const error& failure() const noexcept = 0;

  /// The certificate that the client has shown to this server; null where it has shown none. After the handshake.
  [[nodiscard]] virtual std::shared_ptr<const client_certificate> peer_certificate() const { return nullptr; }
};

}  // namespace twinsocket::detail
