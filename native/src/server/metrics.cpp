#include "server/metrics.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <string_view>

#include "server/exposition.hpp"
#include "server/process_metrics.hpp"
#include "twinsocket/version.hpp"

namespace twinsocket::detail {

namespace {

// Sums one counter over all threads.
template <class Pick>
double total(const server_core& core, Pick pick) {
  std::uint64_t sum = 0;
  for (const server_counts& counts : core.counts) sum += pick(counts).value();
  return static_cast<double>(sum);
}

void add_connections(exposition& out, const server_core& core) {
  out.single("twinsocket_connections", "gauge", "TCP connections that are open.",
             static_cast<double>(core.connections.open()));
  out.single("twinsocket_connections_accepted_total", "counter", "TCP connections accepted.",
             total(
                 core, [](const auto& c) -> auto& { return c.connections_accepted; }));
  out.family("twinsocket_connections_refused_total", "counter",
             "TCP connections refused because of a connection limit.");
  for (std::size_t i = 0; i < refusal_reason_names.size(); ++i)
    out.sample({{"reason", refusal_reason_names[i]}},
               total(
                   core, [i](const auto& c) -> auto& { return c.connections_refused[i]; }));
  out.single("twinsocket_accept_failures_total", "counter", "Connections that could not be accepted.",
             total(
                 core, [](const auto& c) -> auto& { return c.accept_failures; }));
  out.single("twinsocket_tls_failures_total", "counter", "Connections whose TLS handshake failed.",
             total(
                 core, [](const auto& c) -> auto& { return c.tls_failures; }));
}

void add_http(exposition& out, const server_core& core) {
  out.family("twinsocket_http_responses_total", "counter", "HTTP responses, without the opened WebSockets.");
  for (std::size_t status = 0; status < server_counts::status_slots; ++status)
    if (const double count = total(
            core, [&](const auto& c) -> auto& { return c.responses[status]; });
        count > 0)
      out.sample({{"code", std::to_string(status)}}, count);
  out.single("twinsocket_handler_failures_total", "counter", "Exceptions and invalid responses of handlers.",
             total(
                 core, [](const auto& c) -> auto& { return c.handler_failures; }));
}

void add_closes(exposition& out, const server_core& core) {
  constexpr std::array<std::string_view, 3> initiators{"none", "local", "remote"};
  out.family("twinsocket_websockets_closed_total", "counter", "WebSockets closed, by close code and initiator.");
  for (std::size_t place = 0; place < server_counts::close_slots; ++place) {
    const std::string code = place == 16 ? "3xxx" : place == 17 ? "4xxx" : std::to_string(1000 + place);
    for (std::size_t who = 0; who < initiators.size(); ++who)
      if (const double count = total(
              core, [&](const auto& c) -> auto& { return c.closes[place][who]; });
          count > 0)
        out.sample({{"code", code}, {"initiator", initiators[who]}}, count);
  }
}

void add_websockets(exposition& out, const server_core& core) {
  // Read in this order, so that `closed` is never greater than `opened`.
  const double closed = total(
      core, [](const auto& c) -> auto& { return c.websockets_closed; });
  const double opened = total(
      core, [](const auto& c) -> auto& { return c.websockets_opened; });
  out.single("twinsocket_websockets", "gauge", "WebSockets that are open.", opened - closed);
  out.single("twinsocket_websockets_opened_total", "counter", "WebSockets opened.", opened);
  add_closes(out, core);
  out.family("twinsocket_handshake_failures_total", "counter", "Opening handshakes that were rejected.");
  for (std::size_t i = 0; i < handshake_failure_names.size(); ++i)
    out.sample({{"reason", handshake_failure_names[i]}},
               total(
                   core, [i](const auto& c) -> auto& { return c.handshake_failures[i]; }));
}

void add_messages(exposition& out, const server_core& core) {
  out.family("twinsocket_messages_total", "counter", "Complete WebSocket messages.");
  out.sample({{"direction", "received"}},
             total(
                 core, [](const auto& c) -> auto& { return c.traffic.messages_received; }));
  out.sample({{"direction", "sent"}}, total(
                                          core, [](const auto& c) -> auto& { return c.traffic.messages_sent; }));
  out.family("twinsocket_message_bytes_total", "counter", "Payload bytes of WebSocket messages, uncompressed.");
  out.sample({{"direction", "received"}}, total(
                                              core, [](const auto& c) -> auto& { return c.traffic.bytes_received; }));
  out.sample({{"direction", "sent"}}, total(
                                          core, [](const auto& c) -> auto& { return c.traffic.bytes_sent; }));
  constexpr std::array<std::string_view, drop_reasons> reasons{"newest", "oldest", "replaced", "closed"};
  out.family("twinsocket_messages_dropped_total", "counter", "Messages dropped because of slow consumers, by reason.");
  for (std::size_t i = 0; i < reasons.size(); ++i)
    out.sample({{"reason", reasons[i]}}, total(
                                             core, [i](const auto& c) -> auto& { return c.traffic.dropped[i]; }));
}

void add_round_trips(exposition& out, const server_core& core) {
  out.family("twinsocket_round_trip_seconds", "histogram", "Round-trip time of pings.");
  std::uint64_t below = 0;
  std::uint64_t nanoseconds = 0;
  for (std::size_t place = 0; place <= round_trip_histogram::bounds.size(); ++place) {
    for (const server_counts& counts : core.counts) below += counts.traffic.pings.count(place);
    const std::string bound =
        place == round_trip_histogram::bounds.size()
            ? "+Inf"
            : format_number(std::chrono::duration<double>(round_trip_histogram::bounds[place]).count());
    out.sample("_bucket", {{"le", bound}}, static_cast<double>(below));
  }
  for (const server_counts& counts : core.counts) nanoseconds += counts.traffic.pings.nanoseconds();
  out.sample("_sum", {}, static_cast<double>(nanoseconds) / 1e9);
  out.sample("_count", {}, static_cast<double>(below));
}

// The names are those of the Prometheus client libraries.
void add_process(exposition& out) {
  const process_metrics facts = read_process_metrics();
  out.single("process_cpu_seconds_total", "counter", "Processor time of this process, user and system.",
             facts.cpu_seconds);
  out.single("process_start_time_seconds", "gauge", "Start time of this process since 1970.", facts.start_time);
  out.single("process_resident_memory_bytes", "gauge", "Resident memory of this process.", facts.resident_bytes);
  out.single("process_open_fds", "gauge", "Open files and sockets of this process.", facts.open_files);
  out.single("process_max_fds", "gauge", "Maximum number of open files and sockets.", facts.max_files);
}

}  // namespace

std::string metrics_text(const server_core& core) {
  exposition out;
  out.family("twinsocket_build_info", "gauge", "Always 1. The label is the version.");
  out.sample({{"version", TWINSOCKET_VERSION}}, 1);
  out.single("twinsocket_threads", "gauge", "Threads of the server.", static_cast<double>(core.counts.size()));
  add_connections(out, core);
  add_http(out, core);
  add_websockets(out, core);
  add_messages(out, core);
  add_round_trips(out, core);
  add_process(out);
  return out.text();
}

}  // namespace twinsocket::detail
