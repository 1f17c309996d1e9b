#pragma once

// TLS without I/O: bytes of the peer go in; bytes to send and decrypted data come out. This interface is all that other code
// uses of TLS, so that the library behind it can be replaced.

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
    done,         ///< The operation completed.
    needs_input,  ///< More bytes must be fed first.
    ended,        ///< The peer has sent close_notify.
    failed,       ///< See failure(); the rest of output() holds the alert for the peer.
  };

  tls_engine() = default;
  tls_engine(const tls_engine&) = delete;
  tls_engine& operator=(const tls_engine&) = delete;
  virtual ~tls_engine() = default;

  /// Starts or continues the handshake.
  [[nodiscard]] virtual progress handshake() = 0;

  /// Passes bytes of the peer to the engine, which does not copy them. They must stay valid and unchanged until
  /// progress::needs_input is returned, or until retain_input().
  virtual void feed(std::span<const std::byte> bytes) = 0;
  /// Copies the fed bytes that are not consumed yet, so that the caller can reuse its buffer.
  virtual void retain_input() = 0;
  /// True if read() may return data without further input.
  [[nodiscard]] virtual bool pending() const noexcept = 0;

  /// Decrypts as much as available and as fits into `room`. If `count` is 0, the result tells why.
  [[nodiscard]] virtual progress read(std::span<std::byte> room, std::size_t& count) = 0;
  /// Encrypts all bytes into output(). False on failure. Call it only after the handshake.
  [[nodiscard]] virtual bool write(std::span<const std::byte> bytes) = 0;
  /// Adds close_notify to output().
  virtual void finish() = 0;

  /// The bytes to send to the peer. The caller removes what it has sent.
  [[nodiscard]] virtual buffer& output() noexcept = 0;
  [[nodiscard]] virtual const error& failure() const noexcept = 0;

  /// The client certificate that this server received; null if there is none. Valid after the handshake.
  [[nodiscard]] virtual std::shared_ptr<const client_certificate> peer_certificate() const { return nullptr; }
};

}  // namespace twinsocket::detail
