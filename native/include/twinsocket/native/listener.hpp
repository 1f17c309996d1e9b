#pragma once

// Where a server listens: TCP addresses, Unix-domain sockets, and listening sockets that another process has opened.
// Plain values for server_options::listeners.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace twinsocket {

/// One place to listen on. server::listen() opens it; its errors name the address, the path or the descriptor.
class listener {
 public:
  enum class kind : std::uint8_t {
    tcp,          ///< An IP address and a port.
    unix_socket,  ///< A Unix-domain stream socket with a path.
    descriptor,   ///< A listening socket of this process.
    systemd,      ///< The listening sockets that a service manager has passed.
  };

  /// An IP address, or a name that has one. "0.0.0.0" is every IPv4 address, "::" every address, and every IPv6 address
  /// where the same server listens on an IPv4 address with the same port. Port 0 takes any that is free.
  [[nodiscard]] static listener tcp(std::string address, std::uint16_t port) {
    listener made(kind::tcp, std::move(address));
    made.number_ = port;
    return made;
  }

  /// A Unix-domain stream socket, of which listen() makes the file. A socket file that no process listens on is replaced.
  /// A file of another kind, or a socket that is listened on, is an error. The server removes the file when it stops,
  /// unless something else has taken its place.
  [[nodiscard]] static listener unix_socket(std::string path) { return listener(kind::unix_socket, std::move(path)); }

  /// The permissions of that file, such as 0660: clients need write permission. Default: what the umask leaves, which is
  /// usually this user alone. Nobody can connect before they are set.
  listener& permissions(unsigned mode) { permissions_ = mode; return *this; }

  /// A stream socket of TCP or of the Unix domain on which listen(2) was called already. The server duplicates the
  /// descriptor: yours becomes non-blocking and stays open until you close it, and until then connections queue up on it though
  /// the server has stopped.
  [[nodiscard]] static listener descriptor(int number) {
    listener made(kind::descriptor, {});
    made.number_ = number;
    return made;
  }

  /// All sockets that systemd has passed to this process (sd_listen_fds(3): LISTEN_PID, LISTEN_FDS), or those with this
  /// FileDescriptorName= (LISTEN_FDNAMES). None is an error. They are closed on exec from then on. Needs no libsystemd.
  [[nodiscard]] static listener systemd(std::string name = {}) { return listener(kind::systemd, std::move(name)); }

  [[nodiscard]] kind what() const noexcept { return what_; }
  /// The address of tcp(), the path of unix_socket(), or the name of systemd().
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  /// The port of tcp(), or the number of descriptor().
  [[nodiscard]] int number() const noexcept { return number_; }
  [[nodiscard]] const std::optional<unsigned>& permissions() const noexcept { return permissions_; }

 private:
  listener(kind what, std::string name) : what_(what), name_(std::move(name)) {}

  kind what_;
  std::string name_;
  int number_ = 0;
  std::optional<unsigned> permissions_;
};

}  // namespace twinsocket
