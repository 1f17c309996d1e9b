#include "twinsocket/native/topics.hpp"

#include "topics/topic_hub.hpp"

namespace twinsocket {
inline namespace native {

subscription::subscription() noexcept = default;
subscription::subscription(std::unique_ptr<detail::subscriber> made) noexcept : subscriber_(std::move(made)) {}
subscription::subscription(subscription&& other) noexcept = default;
subscription& subscription::operator=(subscription&& other) noexcept = default;
subscription::~subscription() = default;

void subscription::reset() noexcept { subscriber_.reset(); }

subscription::operator bool() const noexcept { return subscriber_ && subscriber_->is_subscribed(); }

topics::topics(const topic_options& options) : hub_(std::make_shared<detail::topic_hub>(options)) {}
topics::~topics() = default;

subscription topics::subscribe(connection& socket, std::string topic, send_options delivery_options) {
  auto made =
      std::make_unique<detail::subscriber>(hub_, socket.state().shared_from_this(), std::move(delivery_options));
  made->subscribe(topic);
  return subscription(std::move(made));
}

send_result topics::publish(std::string_view topic, const prepared_message& message, const publish_options& options) {
  if (!message.frames()->sendable())
    return send_result(
        error(errc::invalid_utf8, "a text message of " + std::to_string(message.bytes().size()) + " bytes"));
  if (hub_->publish(topic, message.frames(), options)) return send_result(send_status::queued);
  return send_result(error(errc::queue_full, "the queue of published messages of a thread is full, the limit is " +
                                                 std::to_string(hub_->options().queue_bytes()) + " bytes"));
}

std::size_t topics::subscribers(std::string_view topic) const { return hub_->subscribers(topic); }

}  // namespace native
}  // namespace twinsocket
