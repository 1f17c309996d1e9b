#pragma once

// Shared by the example servers: parses the port, listens, prints the URL, and serves until Ctrl-C.

#include <charconv>
#include <csignal>
#include <cstdint>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>

#include "twinsocket/native/server.hpp"
#include "usage.hpp"

/// Parses a port number. Returns nothing if it is invalid. 0 stands for a free port.
inline std::optional<std::uint16_t> parse_port(std::string_view word) {
  std::uint16_t port = 0;
  const auto [rest, failure] = std::from_chars(word.data(), word.data() + word.size(), port);
  if (failure != std::errc() || rest != word.data() + word.size()) return {};
  return port;
}

/// Parses the command line [PORT]. Default: 8080. If it is invalid, prints the usage and returns nothing.
inline std::optional<std::uint16_t> parse_server_arguments(int count, char** arguments) {
  const auto port = count > 2 ? std::nullopt : parse_port(count > 1 ? arguments[1] : "8080");
  if (!port) print_usage(arguments[0], "[PORT]");
  return port;
}

/// Listens, prints `where` with PORT replaced by the port, serves until SIGINT or SIGTERM, and returns the exit code.
inline int serve(twinsocket::server& server, std::string where) {
  server.stop_on({SIGINT, SIGTERM});
  const auto port = server.listen();
  if (!port) {
    std::cerr << port.error().message() << '\n';
    return 2;
  }
  for (std::size_t at = 0; (at = where.find("PORT", at)) != std::string::npos;)
    where.replace(at, 4, std::to_string(*port));
  std::cout << where << std::endl;
  server.run();
  return 0;
}
