#pragma once

// What all example servers do: they take a port on their command line, say where they listen, and serve until Ctrl-C.

#include <charconv>
#include <csignal>
#include <cstdint>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>

#include "twinsocket/native/server.hpp"
#include "usage.hpp"

/// Nothing where the word is no port; 0 is any that is free.
inline std::optional<std::uint16_t> read_port(std::string_view word) {
  std::uint16_t port = 0;
  const auto [rest, failure] = std::from_chars(word.data(), word.data() + word.size(), port);
  if (failure != std::errc() || rest != word.data() + word.size()) return {};
  return port;
}

/// The port of those whose only word it is, 8080 without one. Nothing where the words are others: then that is said.
inline std::optional<std::uint16_t> read_server_words(int count, char** words) {
  const auto port = count > 2 ? std::nullopt : read_port(count > 1 ? words[1] : "8080");
  if (!port) tell_usage(words[0], "[PORT]");
  return port;
}

/// Listens, says so in a text in which PORT stands for the port, serves until it is told to stop, and gives the program's
/// exit code.
inline int serve(twinsocket::server& server, std::string where) {
  server.stop_on({SIGINT, SIGTERM});
  const auto port = server.listen();
  if (!port) {
    std::cerr << port.error().message() << '\n';
    return 2;
  }
  for (std::size_t at = 0; (at = where.find("PORT", at)) != std::string::npos;) where.replace(at, 4, std::to_string(*port));
  std::cout << where << std::endl;
  server.run();
  return 0;
}
