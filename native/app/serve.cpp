#include "serve.hpp"

#include <sys/resource.h>

#include <csignal>
#include <iostream>
#include <string>

#include "log_line.hpp"
#include "routes.hpp"
#include "sensors/feed.hpp"
#include "sensors/source.hpp"
#include "text.hpp"
#include "twinsocket/native/server.hpp"

namespace twinsocket::app {

namespace {

// A host as it stands in a URL (RFC 3986 section 3.2.2).
std::string in_url(const std::string& host) { return host.find(':') == std::string::npos ? host : "[" + host + "]"; }

// One call, so that what several threads tell does not mix.
log_hook log_from(log_level least) {
  return [least](const log_entry& entry) {
    if (entry.level >= least) std::cerr << log_line(entry, wall_clock_milliseconds()) << std::flush;
  };
}

// Most systems let a process open 1,024 files unless it asks for more, and each connection is one.
void raise_file_limit() {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
}

result<tls_certificate> certificate_of(const serve_settings& settings) {
  if (settings.tls_self_signed) return tls_certificate::self_signed();
  if (settings.tls_certificate.empty()) return tls_certificate();
  return tls_certificate::files(settings.tls_certificate, settings.tls_key);
}

server_options options_of(const serve_settings& settings) {
  server_options options;
  options.address = settings.host;
  options.port = settings.port;
  options.threads = settings.threads;
  options.websockets = websockets_of(settings);
  options.log = log_from(settings.log);
  return options;
}

}  // namespace

exit_code serve(const serve_settings& settings) {
  auto source = make_sensor_source(settings.sensors);
  if (!source) return complain(source.error().message());
  raise_file_limit();
  sensor_feed feed(*std::move(source), settings.interval);

  auto certificate = certificate_of(settings);
  if (!certificate) return complain(certificate.error().message());
  server_options options = options_of(settings);
  options.certificate = *std::move(certificate);
  const bool secure = options.certificate.given();
  server server(std::move(options));
  add_routes(server, settings, feed);
  server.stop_on({SIGINT, SIGTERM});
  if (secure) server.reload_certificate_on({SIGHUP});
  const auto port = server.listen();
  if (!port) return complain(port.error().message());

  // Whoever reads our output may leave: that is no reason to end.
  std::signal(SIGPIPE, SIG_IGN);
  const std::string scheme = secure ? "https://" : "http://";
  std::cout << "serving on " + scheme + in_url(settings.host) + ":" + std::to_string(*port) + "/\n";
  if (secure) std::cout << "certificate, SHA-256: " + server.certificate_fingerprint() + "\n";
  std::cout << "sensors: " << feed.source_name() << ", read every " << settings.interval.count()
            << " ms while somebody listens\n"
            << std::flush;
  const auto ended = server.run();
  return ended ? exit_code::fine : complain(ended.error().message());
}

}  // namespace twinsocket::app
