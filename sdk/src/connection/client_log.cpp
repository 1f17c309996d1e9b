#include "connection/client_log.hpp"

#include <algorithm>
#include <string>

#include "twinsocket/detail/awaiters.hpp"
#include "twinsocket/handshake_response.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket::detail {

namespace {

task<void> log_closed(log_hook to, std::shared_ptr<connection_state> opened, url about) {
  close_awaiter end(*opened);
  const close_info how = co_await end;
  log_event(to, how.normal() ? log_level::debug : log_level::info, "closed", describe(how), about);
}

}  // namespace

void log_event(const log_hook& to, log_level level, std::string_view event, std::string_view detail, const url& about) {
  if (!to) return;
  const std::string peer = about.authority();
  const std::string_view target = about.target();
  to({level, event, detail, peer, target.substr(0, target.find('?'))});
}

void log_failure(const log_hook& to, const error& why, const url* about) {
  if (!to) return;
  // The error text quotes the response body, whose content is arbitrary.
  std::string detail =
      why.response() ? "the server answered " + std::to_string(why.response()->status()) : why.message();
  if (about) {
    // In JavaScript the error text contains the whole URL.
    const std::string address = about->text();
    const std::size_t query = std::min(address.find('?'), address.size());
    for (std::size_t at = detail.find(address); query != address.size() && at != std::string::npos;
         at = detail.find(address, at))
      detail.erase(at + query, address.size() - query);
    log_event(to, log_level::info, "connect failed", detail, *about);
  } else {
    to({log_level::info, "connect failed", detail, {}, {}});
  }
}

void log_opened(const log_hook& to, const std::shared_ptr<connection_state>& opened, const url& about) {
  if (!to) return;
  std::string detail = opened->remote_address();
  if (!opened->subprotocol().empty()) detail += (detail.empty() ? "" : " ") + opened->subprotocol();
  log_event(to, log_level::debug, "connected", detail, about);
  spawn(log_closed(to, opened, about));
}

}  // namespace twinsocket::detail
