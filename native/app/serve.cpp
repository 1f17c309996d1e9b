#include "serve.hpp"

#include <string>

#include "chat_channels.hpp"
#include "demo_page.hpp"
#include "log_line.hpp"
#include "output.hpp"
#include "platform/file_limit.hpp"
#include "platform/signals.hpp"
#include "routes.hpp"
#include "sensor_channel.hpp"
#include "sensors/feed.hpp"
#include "sensors/source.hpp"
#include "text.hpp"
#include "twinsocket/native/server.hpp"

namespace twinsocket::app {

namespace {

// A host in URL form: IPv6 addresses in brackets (RFC 3986 section 3.2.2).
std::string to_url_host(const std::string& host) {
  return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

log_hook make_log_hook(log_level least) {
  return [least](const log_entry& entry) {
    if (entry.level >= least) static_cast<void>(standard_error().write(log_line(entry, wall_clock_milliseconds())));
  };
}

result<tls_certificate> certificate_of(const serve_settings& settings) {
  if (settings.tls_self_signed) return tls_certificate::self_signed();
  if (settings.tls_certificate.empty()) return tls_certificate();
  return tls_certificate::files(settings.tls_certificate, settings.tls_key);
}

std::string site_text(const serve_settings& settings, bool is_demo) {
  if (!settings.site.empty()) return (is_demo ? "the demo page in " : "") + escape_control(settings.site);
  return is_demo ? "none, because no demo page is built or installed; --site DIR serves a folder" : "none";
}

std::vector<listener> listeners_of(const serve_settings& settings) {
  std::vector<listener> all;
  for (const std::string& host : settings.hosts) all.push_back(listener::tcp(host, settings.port));
  for (const std::string& path : settings.unix_sockets) {
    all.push_back(listener::unix_socket(path));
    if (settings.unix_mode) all.back().permissions(*settings.unix_mode);
  }
  for (const int number : settings.descriptors) all.push_back(listener::descriptor(number));
  if (settings.socket_activation) all.push_back(listener::systemd());
  return all;
}

// One line for each listener. Those of --host show the host as it was given.
std::string places_text(const serve_settings& settings, const std::vector<std::string>& addresses, bool secure) {
  const std::string scheme = secure ? "https://" : "http://";
  std::string lines;
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    const std::string& bound = addresses[i];
    if (bound.starts_with("unix:")) {
      lines += "serving on " + bound + "\n";
      continue;
    }
    const std::string port = bound.substr(bound.rfind(':'));
    lines +=
        "serving on " + scheme + (i < settings.hosts.size() ? to_url_host(settings.hosts[i]) + port : bound) + "/\n";
  }
  return lines;
}

server_options options_of(const serve_settings& settings) {
  server_options options;
  options.listeners = listeners_of(settings);
  for (const std::string& network : settings.trusted_proxies) options.trusted_proxies.network(network);
  if (!settings.tls_client_authorities.empty()) options.client_certificates = client_certificates::required();
  for (const std::string& file : settings.tls_client_authorities) options.client_certificates.ca_file(file);
  options.threads = settings.threads;
  options.websockets = websocket_options_for(settings);
  options.log = make_log_hook(settings.log);
  return options;
}

}  // namespace

exit_code serve(serve_settings settings) {
  if (settings.hosts.empty() && settings.unix_sockets.empty() && settings.descriptors.empty() &&
      !settings.socket_activation)
    settings.hosts.emplace_back("127.0.0.1");
  auto source = make_sensor_source(settings.sensors);
  if (!source) return print_error(source.error().message());
  raise_file_limit();
  sensor_feed feed(*std::move(source), settings.interval);

  auto rooms = make_chat_rooms(settings, make_log_hook(settings.log));
  if (!rooms) return print_error(rooms.error().message());
  add_sensor_namespace(**rooms, settings, feed);

  auto certificate = certificate_of(settings);
  if (!certificate) return print_error(certificate.error().message());
  server_options options = options_of(settings);
  options.certificate = *std::move(certificate);
  const bool secure = options.certificate.is_set();
  const bool is_demo = settings.site.empty() && !settings.no_site;
  if (is_demo) settings.site = find_demo_page();
  server server(std::move(options));
  add_routes(server, settings, feed, *std::move(rooms));
  if (settings.reconnect_spread > 0) {
    server.stop_on(stop_signals(), close_code::going_away, std::chrono::seconds(0),
                   std::chrono::seconds(settings.reconnect_spread));
  } else {
    server.stop_on(stop_signals());
  }
  if (secure) server.reload_certificate_on(reload_signals());
  const auto listening = server.listen();
  if (!listening) return print_error(listening.error().message());

  std::string started = places_text(settings, server.addresses(), secure);
  if (secure) started += "certificate, SHA-256: " + server.certificate_fingerprint() + "\n";
  started += "site: " + site_text(settings, is_demo) + "\n";
  started += "sensors: " + std::string(feed.source_name()) + ", read every " +
             std::to_string(settings.interval.count()) + " ms while a client is subscribed\n";
  // Scripts wait for these lines, so an error here is fatal. Later errors of standard output are not.
  if (const auto written = standard_output().write(started); !written)
    return print_error(written.error().message(), exit_code::stream_failed);
  const auto ended = server.run();
  return ended ? exit_code::success : print_error(ended.error().message());
}

}  // namespace twinsocket::app
