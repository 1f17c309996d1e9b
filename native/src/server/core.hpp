#pragma once

// What the threads of a server share: nothing of it changes while it runs but what is counted, and the certificate.

#include <deque>
#include <string_view>
#include <utility>
#include <vector>

#include "server/counts.hpp"
#include "server/gate.hpp"
#include "server/router.hpp"
#include "server/served_certificate.hpp"
#include "twinsocket/native/options.hpp"

namespace twinsocket::detail {

struct server_core {
  explicit server_core(server_options o)
      : options(std::move(o)),
        connections(options.max_connections, options.max_connections_per_address),
        certificate(options.certificate, [this](log_level level, std::string_view event, std::string_view detail) {
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
  served_certificate certificate;
  std::deque<server_counts> counts;  ///< One for each thread; they outlive the threads, and count on in the next run().
};

}  // namespace twinsocket::detail
