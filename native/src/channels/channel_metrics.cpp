#include "channels/channel_metrics.hpp"

#include "server/prometheus_text.hpp"

namespace twinsocket::detail {

namespace {

constexpr const char* outcomes[] = {"none", "complete", "epoch_changed", "trimmed"};
constexpr const char* codes[] = {"bad_request", "not_allowed", "unknown_channel",
                                 "over_limit",  "too_fast",    "unavailable"};

double value_of(const std::atomic<std::uint64_t>& one) {
  return static_cast<double>(one.load(std::memory_order_relaxed));
}

}  // namespace

std::string channel_metrics::text(std::size_t channels, bool broker_ok) const {
  prometheus_text out;
  out.single("twinsocket_channels", "gauge", "Channels with subscribers on this server.",
             static_cast<double>(channels));
  out.single("twinsocket_channel_subscriptions", "gauge", "Subscriptions to channels.", value_of(subscriptions_));
  out.family("twinsocket_channel_publications_total", "counter", "Publications accepted by the broker.");
  out.sample({{"by", "client"}}, value_of(by_clients_));
  out.sample({{"by", "server"}}, value_of(by_server_));
  out.family("twinsocket_channel_recoveries_total", "counter", "Subscriptions with a position, by what became of it.");
  for (std::size_t i = 1; i < recoveries_.size(); ++i) out.sample({{"outcome", outcomes[i]}}, value_of(recoveries_[i]));
  out.family("twinsocket_channel_refusals_total", "counter", "Requests of clients that failed, by code.");
  for (std::size_t i = 0; i < refusals_.size(); ++i) out.sample({{"code", codes[i]}}, value_of(refusals_[i]));
  out.single("twinsocket_broker_up", "gauge", "1 if the broker can be reached.", broker_ok ? 1 : 0);
  out.single("twinsocket_broker_gaps_total", "counter",
             "Times that publications of a channel may have been lost on the way from the broker.", value_of(gaps_));
  out.single("twinsocket_broker_publish_failures_total", "counter", "Publications that the broker did not accept.",
             value_of(failed_calls_));
  out.family("twinsocket_broker_publish_seconds", "summary", "Time until the broker has accepted a publication.");
  out.sample("_sum", {}, value_of(call_nanoseconds_) / 1e9);
  out.sample("_count", {}, value_of(calls_));
  return out.text();
}

}  // namespace twinsocket::detail
