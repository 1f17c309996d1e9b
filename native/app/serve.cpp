#include "serve.hpp"

#include <csignal>
#include <iostream>
#include <string>

#include "routes.hpp"
#include "sensors/feed.hpp"
#include "sensors/source.hpp"
#include "text.hpp"
#include "twinsocket/native/server.hpp"

namespace twinsocket::app {

namespace {

// A host as it stands in a URL (RFC 3986 section 3.2.2).
std::string in_url(const std::string& host) { return host.find(':') == std::string::npos ? host : "[" + host + "]"; }

// What an operator has to know, on standard error; all else is quiet.
void log(const log_entry& entry) {
  if (entry.level < log_level::warning) return;
  std::string line = "twinsocket: " + std::string(entry.event);
  if (!entry.detail.empty()) line.append(": ").append(entry.detail);
  if (!entry.target.empty()) line.append(", at ").append(entry.target);
  if (!entry.remote_address.empty()) line.append(", by ").append(entry.remote_address);
  std::cerr << printable(line) + "\n" << std::flush;
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
  options.log = log;
  return options;
}

}  // namespace

exit_code serve(const serve_settings& settings) {
  auto source = make_sensor_source(settings.sensors);
  if (!source) return complain(source.error().message());
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
