#pragma once

// The parsed command line.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "twinsocket/limits.hpp"
#include "twinsocket/native/log.hpp"

namespace twinsocket::app {

/// `twinsocket serve`
struct serve_settings {
  std::vector<std::string> hosts;         ///< Default: "127.0.0.1", if nothing else to listen on is given.
  std::uint16_t port = 8080;              ///< The port on every host.
  std::vector<std::string> unix_sockets;  ///< Paths.
  std::optional<unsigned> unix_mode;      ///< Permissions of those sockets. Default: by the umask.
  std::vector<int> descriptors;           ///< Inherited listening sockets.
  bool socket_activation = false;         ///< Also listen on the sockets that systemd passes.
  std::vector<std::string> trusted_proxies;
  std::string site;      ///< The folder that is served at /. Default: the demo page, if there is one.
  bool no_site = false;  ///< Serve nothing at /.
  unsigned threads = 1;
  std::string sensors = "auto";
  std::chrono::milliseconds interval{2'000};
  std::string broker = "memory";   ///< Or the URL of a Redis.
  bool broker_keeps_data = false;  ///< That Redis loses nothing when it is started again.
  std::chrono::milliseconds broker_timeout{5'000};
  std::size_t chat_history = 50;  ///< Publications that each room of /channels keeps.
  unsigned reconnect_spread = 0;  ///< In seconds. 0: clients are told no delay.
  std::vector<std::string> origins;
  std::size_t max_message_size = limits().max_message_size();
  bool compression = false;
  std::string tls_certificate;  ///< PEM file; enables TLS.
  std::string tls_key;
  std::vector<std::string> tls_client_authorities;  ///< PEM files; if any, clients must send a certificate.
  bool tls_self_signed = false;                     ///< Enable TLS with a newly created certificate.
  log_level log = log_level::warning;               ///< Entries below this level are not logged.
};

/// `twinsocket connect`
struct connect_settings {
  std::string url;
  std::vector<std::string> subprotocols;
  std::string origin;
  std::vector<std::string> headers;      ///< As "Name: value".
  std::string proxy;                     ///< "": from the environment.
  std::vector<std::string> authorities;  ///< PEM files to trust instead of the system's store.
  std::string certificate;               ///< Client certificate, a PEM file.
  std::string key;                       ///< Its private key, a PEM file.
  bool insecure = false;                 ///< Accept any certificate of the server.
  bool json = false;                     ///< Print JSON messages indented.
  bool xml = false;                      ///< Print XML messages indented.
  bool verbose = false;                  ///< Print direction, kind and time, as on a terminal.
  bool reconnect = false;                ///< Reconnect when the connection is lost.
};

/// Exit code of the program.
enum class exit_code : std::uint8_t {
  success = 0,            ///< Success.
  not_connected = 1,      ///< Connecting to the server failed.
  wrong_usage = 2,        ///< Invalid command line, or something that it names cannot be used.
  closed_with_error = 3,  ///< The close code was not 1000, 1001 or none.
  stream_failed = 4,      ///< Reading standard input, or writing standard output or error, failed.
};

/// The settings of the command, or an exit code if there is nothing to run: help or a one-line error is printed then.
using command = std::variant<exit_code, serve_settings, connect_settings>;
[[nodiscard]] command parse_command_line(const std::vector<std::string>& words);

/// Prints one line with an error to standard error. Returns `code`.
exit_code print_error(const std::string& what, exit_code code = exit_code::wrong_usage);

}  // namespace twinsocket::app
