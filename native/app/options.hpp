#pragma once

// What the command line asks the program to do.

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
  std::vector<std::string> hosts;         ///< "127.0.0.1" where no other place to listen is named either.
  std::uint16_t port = 8080;              ///< Of each of them.
  std::vector<std::string> unix_sockets;  ///< Paths.
  std::optional<unsigned> unix_mode;      ///< Their permissions.
  std::vector<int> descriptors;           ///< Sockets that listen already.
  bool socket_activation = false;         ///< And those that systemd passes.
  std::vector<std::string> trusted_proxies;
  std::string site;  ///< The folder that is served at /; where it is empty the demo page, if there is one.
  bool no_site = false;  ///< Nothing is served at /.
  unsigned threads = 1;
  std::string sensors = "auto";
  std::chrono::milliseconds interval{2'000};
  std::vector<std::string> origins;
  std::size_t max_message = limits().max_message();
  bool compression = false;
  std::string tls_certificate;   ///< Files in PEM form; with them TLS is spoken.
  std::string tls_key;
  std::vector<std::string> tls_client_authorities;  ///< PEM files; where there are any, clients have to show a certificate.
  bool tls_self_signed = false;  ///< It is, with a certificate that is made now.
  log_level log = log_level::warning;  ///< What is less is not told.
};

/// `twinsocket connect`
struct connect_settings {
  std::string url;
  std::vector<std::string> subprotocols;
  std::string origin;
  std::vector<std::string> headers;      ///< As "Name: value".
  std::string proxy;                     ///< "" where the environment decides.
  std::vector<std::string> authorities;  ///< PEM files of whom to trust instead of the system's.
  std::string certificate;               ///< The client's own, a PEM file,
  std::string key;                       ///< and its key.
  bool insecure = false;                 ///< Takes any certificate of the server.
  bool json = false;  ///< Messages that are JSON are shown with an indent,
  bool xml = false;   ///< and those that are XML.
  bool verbose = false;    ///< Direction, kind and time are shown, as they are on a terminal.
  bool reconnect = false;  ///< A connection that is lost is made anew.
};

/// What the program exits with.
enum class exit_code : std::uint8_t {
  fine = 0,               ///< All went well.
  not_connected = 1,      ///< There is no connection to the server.
  wrong_usage = 2,        ///< The command line, or what it names, cannot be used.
  closed_with_error = 3,  ///< The connection ended with another close code than 1000, 1001 and none.
  stream_failed = 4,      ///< Standard input could not be read, or standard output or error not be written.
};

/// What to do, or, where there is nothing more to do, the exit code: help is printed then, or in one line what is wrong.
using command = std::variant<exit_code, serve_settings, connect_settings>;
[[nodiscard]] command parse_command_line(int count, const char* const* words);

/// Prints one line on standard error that says what is wrong, and gives the exit code.
exit_code complain(const std::string& what, exit_code code = exit_code::wrong_usage);

}  // namespace twinsocket::app
