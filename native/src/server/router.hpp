#pragma once

// Maps a path to a route. The precedence rules are in server.hpp.

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/shared_limits.hpp"
#include "server/origin.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/native/handler.hpp"
#include "twinsocket/native/options.hpp"

namespace twinsocket::detail {

class file_server;

/// A segment of a pattern: literal text, or the name of a parameter.
struct pattern_segment {
  std::string text;
  bool parameter = false;
  friend bool operator==(const pattern_segment&, const pattern_segment&) = default;
};

struct websocket_route {
  websocket_options options;
  shared_limits limits;  ///< Those of the options, for all connections of the route.
  origin_policy origins;
  websocket_handler handler;
};

/// Everything that is registered for one pattern.
struct route {
  std::vector<pattern_segment> pattern;
  bool below = false;  ///< Matches all paths below the pattern: a prefix route, or a folder of files.
  std::string rest;    ///< The parameter name of {name...}, "" if there is none.
  std::unique_ptr<websocket_route> websocket;
  std::vector<std::pair<std::string, http_handler>> methods;
  std::unique_ptr<file_server> files;

  /// The handler of a method. HEAD falls back to GET. Null if there is none.
  [[nodiscard]] const http_handler* handler(std::string_view method) const;
  /// The supported methods, for the Allow header.
  [[nodiscard]] std::string allowed() const;
};

class router {
 public:
  router();
  router(router&&) noexcept;
  ~router();

  /// Finds or adds the route of a pattern. With `below` it matches everything below the pattern too, as with a last segment
  /// {name...}. errc::invalid_argument for an invalid pattern.
  [[nodiscard]] result<route*> at(std::string_view pattern, bool below);

  struct match {
    const route* found = nullptr;
    std::vector<std::pair<std::string_view, std::string_view>>
        parameters;    ///< Views into the pattern and the segments.
    std::string rest;  ///< The value of {name...}, if the route has one.
  };
  [[nodiscard]] match find(const std::vector<std::string>& segments) const;

 private:
  std::vector<std::unique_ptr<route>> routes_;  // Most specific first.
};

}  // namespace twinsocket::detail
