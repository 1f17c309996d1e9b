#include "twinsocket/native/channels.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "channels/channel_hub.hpp"
#include "channels/channel_session.hpp"
#include "channels/plain_session.hpp"
#include "twinsocket/with_timeout.hpp"

namespace twinsocket {
inline namespace native {

namespace {

namespace protocol = channel_protocol;

task<void> talk(std::shared_ptr<detail::channel_hub> hub, connection socket, const request& req) {
  const std::string_view spoken = socket.subprotocol();
  if (spoken != protocol::json_subprotocol && spoken != protocol::cbor_subprotocol) {
    socket.close(close_code::policy_violation, "the subprotocol has to be twinsocket.channels.json or .cbor");
    co_return;
  }
  detail::channel_session session(std::move(hub), socket, req,
                                  spoken == protocol::json_subprotocol ? any_codec(json) : any_codec(cbor));
  co_await session.run();
}

task<void> pass_on(std::shared_ptr<detail::plain_delivery> delivery, connection socket, const request& req) {
  detail::plain_session session(std::move(delivery), socket, req);
  co_await session.run();
}

task<result<std::optional<broker_position>>> publish_to(std::shared_ptr<detail::channel_hub> hub, std::string channel,
                                                        result<message> what, std::string key) {
  if (!what) co_return what.error();
  protocol::publication made;
  if (what->kind() == message_kind::text) {
    made.text = what->text();
  } else {
    made.data.emplace(what->bytes().begin(), what->bytes().end());
  }
  made.time = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
                  .count();
  co_return co_await hub->publish(std::move(channel), std::move(made), std::move(key));
}

}  // namespace

channels::channels(std::shared_ptr<broker> where, channels_options options)
    : hub_(std::make_shared<detail::channel_hub>(std::move(where), std::move(options))) {
  hub_->where().set_listener(hub_);
}
channels::~channels() = default;

result<void> channels::add(std::string name, channel_options options) {
  return hub_->add(std::move(name), std::move(options));
}

route_result channels::serve(server& on, std::string pattern, websocket_options options) {
  on.add_metrics("channels", [hub = hub_] { return hub->metrics_text(); });
  limits values = options.limits();
  values.max_message_size(std::min(values.max_message_size(), hub_->max_request_bytes()));
  options.limits(values);
  options.subprotocol(std::string(protocol::json_subprotocol)).subprotocol(std::string(protocol::cbor_subprotocol));
  return on.websocket(std::move(pattern), std::move(options), [hub = hub_](connection socket, const request& req) {
    return talk(hub, std::move(socket), req);
  });
}

route_result channels::serve(server& on, std::string pattern, plain_channel how, websocket_options options) {
  const auto delivery = std::make_shared<detail::plain_delivery>(hub_, std::move(how));
  hub_->add_listener(delivery);
  return on.websocket(std::move(pattern), std::move(options), [delivery](connection socket, const request& req) {
    return pass_on(delivery, std::move(socket), req);
  });
}

task<result<std::optional<broker_position>>> channels::publish(std::string channel, message what, std::string key) {
  return publish_to(hub_, std::move(channel), std::move(what), std::move(key));
}

task<result<std::optional<broker_position>>> channels::publish_encoded(std::string channel, result<message> what,
                                                                       std::string key) {
  return publish_to(hub_, std::move(channel), std::move(what), std::move(key));
}

std::size_t channels::subscribers(std::string_view channel) const { return hub_->subscribers(channel); }
broker_health channels::health() const { return hub_->where().health(); }

task<broker_health> channels::check_health(std::chrono::milliseconds limit) const {
  const auto hub = hub_;
  // No channel has the empty name, so that the answer is short.
  const auto answer = co_await with_timeout(hub->where().presence({}), limit);
  if (answer) co_return hub->where().health();
  co_return broker_health{.ok = false, .detail = answer.error().message()};
}

}  // namespace native
}  // namespace twinsocket
