#pragma once

// The state that all threads of a server share. While the server runs, only the counters and the certificate change.

#include <deque>
#include <string_view>
#include <utility>
#include <vector>

#include "server/certificate_reloader.hpp"
#include "server/connection_limiter.hpp"
#include "server/router.hpp"
#include "server/server_metrics.hpp"
#include "server/trusted_proxy_set.hpp"
#include "twinsocket/native/options.hpp"

namespace twinsocket::detail {

/// The arguments of stop(). Atomics, because a signal handler may set them.
struct stop_request {
  std::atomic<close_code> code{close_code::going_away};
  std::atomic<std::int64_t> retry_after{-1};  ///< In seconds. Negative: none.
  std::atomic<std::int64_t> spread{0};        ///< In seconds, added to retry_after.
};

struct server_context {
  explicit server_context(server_options o)
      : options(std::move(o)),
        connections(options.max_connections, options.max_connections_per_address),
        certificate(options.certificate, options.client_certificates,
                    [this](log_level level, std::string_view event, std::string_view detail) {
                      log({level, event, detail, {}, {}});
                    }) {}
  server_context(const server_context&) = delete;
  server_context& operator=(const server_context&) = delete;

  void log(const log_entry& entry) const {
    if (options.log) options.log(entry);
  }
  void log(log_level level, std::string_view event, std::string_view detail, const request& about) const {
    log({level, event, detail, about.remote_address(), about.target()});
  }

  server_options options;
  router routes;
  std::vector<request_handler<admission>> middleware;
  http_handler fallback;
  std::uint16_t secure_port = 0;  ///< The TLS port that redirect_port redirects to.
  connection_limiter connections;
  trusted_proxy_set proxies;
  certificate_reloader certificate;
  stop_request stopping;
  /// One per thread. They outlive the threads and keep counting in the next run().
  std::deque<server_metrics> metrics;
};

}  // namespace twinsocket::detail
