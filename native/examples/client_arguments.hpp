#pragma once

// Command line of all example clients: [--origin O] [--ca FILE] [--insecure] URL

#include <optional>
#include <string>
#include <string_view>

#include "twinsocket/close.hpp"
#include "twinsocket/native/client_options.hpp"
#include "usage.hpp"

struct client_arguments {
  client_arguments() =
      default;  // Not an aggregate: g++ 12 miscompiles temporary aggregates inside co_await expressions.

  std::string url;
  twinsocket::client_options options;
};

/// Describes how the connection ended. 1006 is described in words, because it is never sent in a close frame.
inline std::string close_text(const twinsocket::close_info& end) {
  if (end.is(twinsocket::close_code::abnormal)) return describe(end);
  return std::to_string(static_cast<int>(end.code)) + ' ' + end.reason;
}

/// Parses the command line. If it is invalid, prints the usage and returns nothing.
inline std::optional<client_arguments> parse_client_arguments(int count, char** arguments) {
  const auto misused = [&]() -> std::optional<client_arguments> {
    print_usage(arguments[0], "[--origin O] [--ca FILE] [--insecure] URL");
    return {};
  };
  client_arguments parsed;
  twinsocket::tls_options tls;
  for (int i = 1; i < count; ++i) {
    const std::string_view word = arguments[i];
    const bool has_next = i + 1 < count;
    if (word == "--origin" && has_next) {
      parsed.options.origin(arguments[++i]);
    } else if (word == "--ca" && has_next) {
      tls.ca_file(arguments[++i]);
    } else if (word == "--insecure") {
      tls.insecure_skip_verify();
    } else if (word.starts_with('-') || !parsed.url.empty()) {
      return misused();
    } else {
      parsed.url = word;
    }
  }
  if (parsed.url.empty()) return misused();
  parsed.options.tls(tls);
  return parsed;
}
