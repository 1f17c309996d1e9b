#pragma once

// Which route a path leads to. The rule is in server.hpp.

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/origin.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/native/handler.hpp"
#include "twinsocket/native/options.hpp"

namespace twinsocket::detail {

class file_folder;

/// A segment of a pattern: literal text, or the name of a parameter.
struct pattern_segment {
  std::string text;
  bool parameter = false;
  friend bool operator==(const pattern_segment&, const pattern_segment&) = default;
};

struct websocket_route {
  websocket_options options;
  origin_policy origins;
  websocket_handler handler;
};

/// All that a pattern leads to.
struct route {
  std::vector<pattern_segment> pattern;
  bool below = false;  ///< For everything below the pattern: a prefix route, or a folder of files.
  std::string rest;    ///< The name of what is below, "" where nobody asks for it.
  std::unique_ptr<websocket_route> websocket;
  std::vector<std::pair<std::string, http_handler>> methods;
  std::unique_ptr<file_folder> files;

  /// The handler of a method; GET's for HEAD. Null when there is none.
  [[nodiscard]] const http_handler* handler(std::string_view method) const;
  /// The methods that are answered, for the Allow header.
  [[nodiscard]] std::string allowed() const;
};

class router {
 public:
  router();
  router(router&&) noexcept;
  ~router();

  /// The route of a pattern, made where it is not there yet. With `below` it stands for what is below it as well, as with a last
  /// segment {name...}. errc::invalid_argument for a pattern that cannot be used.
  [[nodiscard]] result<route*> at(std::string_view pattern, bool below);

  struct match {
    const route* found = nullptr;
    std::vector<std::pair<std::string_view, std::string_view>>
        parameters;    ///< Views into the pattern and the segments.
    std::string rest;  ///< What {name...} stands for, where the route has that.
  };
  [[nodiscard]] match find(const std::vector<std::string>& segments) const;

 private:
  std::vector<std::unique_ptr<route>> routes_;  // The most specific first.
};

}  // namespace twinsocket::detail
