#pragma once

// What the threads of a server share: nothing of it changes while it runs but what is counted, and the certificate.

#include <deque>
#include <string_view>
#include <utility>
#include <vector>

#include "server/counts.hpp"
#include "server/gate.hpp"
#include "server/proxy_trust.hpp"
#include "server/router.hpp"
#include "server/served_certificate.hpp"
#include "twinsocket/native/options.hpp"

namespace twinsocket::detail {

/// How stop() wants the WebSockets to be closed. A signal handler may set it.
struct stop_request {
  std::atomic<close_code> code{close_code::going_away};
  std::atomic<std::int64_t> retry_after{-1};  ///< In seconds; less than 0 is none.
};

struct server_core {
  explicit server_core(server_options o)
      : options(std::move(o)),
        connections(options.max_connections, options.max_connections_per_address),
        certificate(options.certificate, options.client_certificates, [this](log_level level, std::string_view event, std::string_view detail) {
          log({level, event, detail, {}, {}});
        }) {}
  server_core(const server_core&) = delete;
  server_core& operator=(const server_core&) = delete;

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
  std::uint16_t secure_port = 0;  ///< Where redirect_port leads to.
  gate connections;
  proxy_trust proxies;
  served_certificate certificate;
  stop_request stopping;
  std::deque<server_counts> counts;  ///< One for each thread; they outlive the threads, and count on in the next run().
};

}  // namespace twinsocket::detail
