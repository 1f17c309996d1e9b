#include "server/metrics_text.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <string_view>

#include "platform/process_metrics.hpp"
#include "server/prometheus_text.hpp"
#include "twinsocket/version.hpp"

namespace twinsocket::detail {

namespace {

// Sums one counter over all threads.
template <class Pick>
double total(const server_context& server, Pick select) {
  std::uint64_t sum = 0;
  for (const server_metrics& metrics : server.metrics) sum += select(metrics).value();
  return static_cast<double>(sum);
}

void add_connections(prometheus_text& out, const server_context& server) {
  out.single("twinsocket_connections", "gauge", "TCP connections that are open.",
             static_cast<double>(server.connections.open()));
  out.single("twinsocket_connections_accepted_total", "counter", "TCP connections accepted.",
             total(
                 server, [](const auto& c) -> auto& { return c.connections_accepted; }));
  out.family("twinsocket_connections_refused_total", "counter",
             "TCP connections refused because of a connection limit.");
  for (std::size_t i = 0; i < refusal_reason_names.size(); ++i)
    out.sample({{"reason", refusal_reason_names[i]}},
               total(
                   server, [i](const auto& c) -> auto& { return c.connections_refused[i]; }));
  out.single("twinsocket_accept_failures_total", "counter", "Connections that could not be accepted.",
             total(
                 server, [](const auto& c) -> auto& { return c.accept_failures; }));
  out.single("twinsocket_tls_failures_total", "counter", "Connections whose TLS handshake failed.",
             total(
                 server, [](const auto& c) -> auto& { return c.tls_failures; }));
}

void add_http(prometheus_text& out, const server_context& server) {
  out.family("twinsocket_http_responses_total", "counter", "HTTP responses, without the opened WebSockets.");
  for (std::size_t status = 0; status < server_metrics::status_slots; ++status)
    if (const double count = total(
            server, [&](const auto& c) -> auto& { return c.responses[status]; });
        count > 0)
      out.sample({{"code", std::to_string(status)}}, count);
  out.single("twinsocket_handler_failures_total", "counter", "Exceptions and invalid responses of handlers.",
             total(
                 server, [](const auto& c) -> auto& { return c.handler_failures; }));
}

void add_closes(prometheus_text& out, const server_context& server) {
  constexpr std::array<std::string_view, 3> initiators{"none", "local", "remote"};
  out.family("twinsocket_websockets_closed_total", "counter", "WebSockets closed, by close code and initiator.");
  for (std::size_t slot = 0; slot < server_metrics::close_slots; ++slot) {
    const std::string code = slot == 16 ? "3xxx" : slot == 17 ? "4xxx" : std::to_string(1000 + slot);
    for (std::size_t who = 0; who < initiators.size(); ++who)
      if (const double count = total(
              server, [&](const auto& c) -> auto& { return c.closes[slot][who]; });
          count > 0)
        out.sample({{"code", code}, {"initiator", initiators[who]}}, count);
  }
}

void add_websockets(prometheus_text& out, const server_context& server) {
  // Read in this order, so that `closed` is never greater than `opened`.
  const double closed = total(
      server, [](const auto& c) -> auto& { return c.websockets_closed; });
  const double opened = total(
      server, [](const auto& c) -> auto& { return c.websockets_opened; });
  out.single("twinsocket_websockets", "gauge", "WebSockets that are open.", opened - closed);
  out.single("twinsocket_websockets_opened_total", "counter", "WebSockets opened.", opened);
  add_closes(out, server);
  out.family("twinsocket_handshake_failures_total", "counter", "Opening handshakes that were rejected.");
  for (std::size_t i = 0; i < handshake_failure_names.size(); ++i)
    out.sample({{"reason", handshake_failure_names[i]}},
               total(
                   server, [i](const auto& c) -> auto& { return c.handshake_failures[i]; }));
}

void add_messages(prometheus_text& out, const server_context& server) {
  out.family("twinsocket_messages_total", "counter", "Complete WebSocket messages.");
  out.sample({{"direction", "received"}},
             total(
                 server, [](const auto& c) -> auto& { return c.traffic.messages_received; }));
  out.sample({{"direction", "sent"}}, total(
                                          server, [](const auto& c) -> auto& { return c.traffic.messages_sent; }));
  out.family("twinsocket_message_bytes_total", "counter", "Payload bytes of WebSocket messages, uncompressed.");
  out.sample({{"direction", "received"}}, total(
                                              server, [](const auto& c) -> auto& { return c.traffic.bytes_received; }));
  out.sample({{"direction", "sent"}}, total(
                                          server, [](const auto& c) -> auto& { return c.traffic.bytes_sent; }));
  constexpr std::array<std::string_view, drop_reasons> reasons{"newest", "oldest", "replaced", "closed"};
  out.family("twinsocket_messages_dropped_total", "counter", "Messages dropped because of slow consumers, by reason.");
  for (std::size_t i = 0; i < reasons.size(); ++i)
    out.sample({{"reason", reasons[i]}}, total(
                                             server, [i](const auto& c) -> auto& { return c.traffic.dropped[i]; }));
}

void add_round_trips(prometheus_text& out, const server_context& server) {
  out.family("twinsocket_round_trip_seconds", "histogram", "Round-trip time of pings.");
  std::uint64_t cumulative = 0;
  std::uint64_t nanoseconds = 0;
  for (std::size_t bucket = 0; bucket <= round_trip_histogram::bounds.size(); ++bucket) {
    for (const server_metrics& metrics : server.metrics) cumulative += metrics.traffic.pings.count(bucket);
    const std::string bound =
        bucket == round_trip_histogram::bounds.size()
            ? "+Inf"
            : format_number(std::chrono::duration<double>(round_trip_histogram::bounds[bucket]).count());
    out.sample("_bucket", {{"le", bound}}, static_cast<double>(cumulative));
  }
  for (const server_metrics& metrics : server.metrics) nanoseconds += metrics.traffic.pings.nanoseconds();
  out.sample("_sum", {}, static_cast<double>(nanoseconds) / 1e9);
  out.sample("_count", {}, static_cast<double>(cumulative));
}

// The names are those of the Prometheus client libraries.
void add_process(prometheus_text& out) {
  const process_metrics metrics = read_process_metrics();
  out.single("process_cpu_seconds_total", "counter", "Processor time of this process, user and system.",
             metrics.cpu_seconds);
  out.single("process_start_time_seconds", "gauge", "Start time of this process since 1970.", metrics.start_time);
  out.single("process_resident_memory_bytes", "gauge", "Resident memory of this process.", metrics.resident_bytes);
  out.single("process_open_fds", "gauge", "Open files and sockets of this process.", metrics.open_files);
  out.single("process_max_fds", "gauge", "Maximum number of open files and sockets.", metrics.max_files);
}

}  // namespace

std::string metrics_text(const server_context& server) {
  prometheus_text out;
  out.family("twinsocket_build_info", "gauge", "Always 1. The label is the version.");
  out.sample({{"version", TWINSOCKET_VERSION}}, 1);
  out.single("twinsocket_threads", "gauge", "Threads of the server.", static_cast<double>(server.metrics.size()));
  add_connections(out, server);
  add_http(out, server);
  add_websockets(out, server);
  add_messages(out, server);
  add_round_trips(out, server);
  add_process(out);
  return out.text();
}

}  // namespace twinsocket::detail
