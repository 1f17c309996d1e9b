#include "make_client_options.hpp"

#include <string_view>

namespace twinsocket::app {

result<client_options> make_client_options(const connect_settings& settings) {
  connect_options common;
  for (const std::string& name : settings.subprotocols) common.subprotocol(name);
  client_options options(common);
  if (!settings.origin.empty()) options.origin(settings.origin);
  for (const std::string& header : settings.headers) {
    const std::size_t colon = header.find(':');
    if (colon == std::string::npos)
      return error(errc::invalid_argument, "the header \"" + header + "\" is not of the form Name: value");
    const std::size_t first = header.find_first_not_of(" \t", colon + 1);
    options.header(header.substr(0, colon), first == std::string::npos ? std::string() : header.substr(first));
  }
  if (!settings.proxy.empty()) options.proxy(settings.proxy);
  tls_options tls;
  for (const std::string& file : settings.authorities) tls.ca_file(file);
  if (!settings.certificate.empty()) tls.certificate_files(settings.certificate, settings.key);
  if (settings.insecure) tls.insecure_skip_verify();
  options.tls(std::move(tls));
  return options;
}

}  // namespace twinsocket::app
