#pragma once

// A setter and its getter take one line each.
// clang-format off

// Listening endpoints of a server: TCP addresses, Unix-domain sockets, and listening sockets inherited from another process.
// Plain values for server_options::listeners.

#include "twinsocket/detail/cxx20.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "twinsocket/detail/lifetime.hpp"

namespace twinsocket {
inline namespace native {

/// One listening endpoint. server::listen() opens it; its errors name the address, the path or the descriptor.
class listener {
 public:
  /// What is listened on.
  enum class kind : std::uint8_t {
    tcp,          ///< An IP address and a port.
    unix_socket,  ///< A Unix-domain stream socket with a path.
    descriptor,   ///< A listening socket of this process.
    systemd,      ///< Listening sockets passed by a service manager.
  };

  /// An IP address, or a host name that resolves to one. "0.0.0.0" is every IPv4 address. "::" is every IPv4 and IPv6
  /// address, or only every IPv6 address if the server also listens on an IPv4 address with the same port. Port 0 picks a
  /// free port.
  [[nodiscard]] static listener tcp(std::string address, std::uint16_t port) {
    listener made(kind::tcp, std::move(address));
    made.number_ = port;
    return made;
  }

  /// A Unix-domain stream socket. listen() creates the socket file. A stale socket file, on which no process listens, is
  /// replaced. A socket in use, or a file of another type, is an error. The server removes the file when it stops, unless
  /// the file has been replaced meanwhile.
  [[nodiscard]] static listener unix_socket(std::string path) { return listener(kind::unix_socket, std::move(path)); }

  /// File permissions of the socket file, such as 0660. Clients need write permission. They are set before the first client
  /// can connect. Default: as the umask allows, usually this user only.
  listener& permissions(unsigned mode) { permissions_ = mode; return *this; }

  /// A TCP or Unix-domain stream socket on which listen(2) has already been called. The server duplicates the descriptor.
  /// Yours becomes non-blocking and stays open until you close it; until then clients queue up on it even after the server
  /// has stopped.
  [[nodiscard]] static listener descriptor(int number) {
    listener made(kind::descriptor, {});
    made.number_ = number;
    return made;
  }

  /// All sockets that systemd has passed to this process (sd_listen_fds(3): LISTEN_PID, LISTEN_FDS), or those with this
  /// FileDescriptorName= (LISTEN_FDNAMES). It is an error if there are none. Sets close-on-exec on them. Does not need
  /// libsystemd.
  [[nodiscard]] static listener systemd(std::string name = {}) { return listener(kind::systemd, std::move(name)); }

  [[nodiscard]] kind type() const noexcept { return type_; }  ///< Determines what name() and number() mean.
  /// The address of tcp(), the path of unix_socket(), or the name of systemd().
  [[nodiscard]] const std::string& name() const noexcept TWINSOCKET_LIFETIMEBOUND { return name_; }
  /// The port of tcp(), or the number of descriptor().
  [[nodiscard]] int number() const noexcept { return number_; }
  [[nodiscard]] const std::optional<unsigned>& permissions() const noexcept TWINSOCKET_LIFETIMEBOUND { return permissions_; }

 private:
  listener(kind type, std::string name) : type_(type), name_(std::move(name)) {}

  kind type_;
  std::string name_;
  int number_ = 0;
  std::optional<unsigned> permissions_;
};

}  // namespace native
}  // namespace twinsocket
