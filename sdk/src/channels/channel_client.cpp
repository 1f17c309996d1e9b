#include "twinsocket/channel_client.hpp"

#include <utility>

#include "channels/channel_client_state.hpp"

namespace twinsocket {

namespace protocol = channel_protocol;

namespace {

/// The response of this type, or the error.
template <class T>
result<T> response_of(result<protocol::response_value> value) {
  if (!value) return value.error();
  if (auto* const right = std::get_if<T>(&*value)) return std::move(*right);
  return error(errc::protocol_violation, "the server has answered another request");
}

}  // namespace

message detail::message_of(const protocol::publication& from) {
  if (from.data) return {message_kind::binary, std::span<const std::byte>(*from.data)};
  return message(std::string_view(from.text ? *from.text : std::string_view()));
}

channel_subscription::channel_subscription(std::shared_ptr<detail::channel_client_state> client,
                                           std::shared_ptr<detail::channel_subscription_state> state) noexcept
    : client_(std::move(client)), state_(std::move(state)) {}
channel_subscription::channel_subscription(channel_subscription&&) noexcept = default;
channel_subscription& channel_subscription::operator=(channel_subscription&& other) noexcept {
  if (this != &other) {
    end();
    client_ = std::move(other.client_);
    state_ = std::move(other.state_);
  }
  return *this;
}
channel_subscription::~channel_subscription() { end(); }

void channel_subscription::end() noexcept {
  if (!state_) return;
  client_->machine().unsubscribe(state_);
  client_->flush();
  state_.reset();
}

task<result<channel_event>> channel_subscription::next() {
  const auto client = client_;
  const auto state = state_;
  auto event = co_await state->events.pop();
  if (!event) co_return state->why;
  client->machine().on_taken(state);
  client->flush();
  co_return std::move(*event);
}

std::optional<protocol::position> channel_subscription::position() const {
  return state_ ? state_->last : std::nullopt;
}

channel_client::channel_client(std::string url, channel_client_options options, connect_function usual)
    : state_(std::make_shared<detail::channel_client_state>(std::move(options))) {
  state_->start(std::move(url), usual);
}
channel_client::channel_client(channel_client&&) noexcept = default;
channel_client& channel_client::operator=(channel_client&& other) noexcept {
  if (this != &other) {
    if (state_) state_->close();
    state_ = std::move(other.state_);
  }
  return *this;
}
channel_client::~channel_client() {
  if (state_) state_->close();
}

channel_subscription channel_client::subscribe(std::string channel, std::optional<protocol::position> since) {
  auto made = state_->machine().subscribe(std::move(channel), std::move(since));
  state_->flush();
  return {state_, std::move(made)};
}

task<result<std::optional<protocol::position>>> channel_client::publish(std::string channel, message what,
                                                                        std::string key) {
  return publish_encoded(std::move(channel), std::move(what), std::move(key));
}

task<result<std::optional<protocol::position>>> channel_client::publish_encoded(std::string channel,
                                                                                result<message> encoded,
                                                                                std::string key) {
  const auto state = state_;
  if (!encoded) co_return encoded.error();
  const message& what = *encoded;
  protocol::publish_request made{.channel = std::move(channel), .text = {}, .data = {}, .key = std::move(key)};
  if (what.kind() == message_kind::text) {
    made.text = what.text();
  } else {
    made.data.emplace(what.bytes().begin(), what.bytes().end());
  }
  protocol::request request(std::move(made));
  auto answer = response_of<protocol::publish_response>(co_await state->ask(std::move(request)));
  if (!answer) co_return answer.error();
  co_return std::move(answer->position);
}

task<result<protocol::history_response>> channel_client::history(std::string channel, std::uint32_t limit,
                                                                 std::optional<protocol::position> since) {
  const auto state = state_;
  protocol::request request(protocol::history_request{std::move(channel), std::move(since), limit});
  co_return response_of<protocol::history_response>(co_await state->ask(std::move(request)));
}

task<result<std::vector<protocol::member>>> channel_client::presence(std::string channel) {
  const auto state = state_;
  protocol::request request(protocol::presence_request{std::move(channel)});
  auto answer = response_of<protocol::presence_response>(co_await state->ask(std::move(request)));
  if (!answer) co_return answer.error();
  co_return std::move(answer->members);
}

std::optional<protocol::connect_response> channel_client::identity() const { return state_->identity(); }
void channel_client::close() { state_->close(); }
reconnect_status channel_client::status() const { return state_->status(); }
void channel_client::retry_now() { state_->retry_now(); }

}  // namespace twinsocket
