#include "channels/channel_client_state.hpp"

#include <random>
#include <utility>

#include "twinsocket/async_event.hpp"
#include "twinsocket/with_timeout.hpp"

namespace twinsocket::detail {

namespace protocol = channel_protocol;

namespace {

// Begins the keys of publications. Nobody else may know it: who does could use the next key first, and the publication
// would count as a repetition.
std::string make_key_prefix() {
  std::random_device source;
  std::string prefix;
  for (int i = 0; i < 4; ++i) prefix += std::to_string(source()) + "-";
  return prefix;
}

// A subscription that the server cannot make now is tried again after this time.
constexpr std::chrono::seconds retry_delay{1};

}  // namespace

channel_client_state::channel_client_state(channel_client_options options)
    : options_(std::move(options)), machine_(options_.queue(), options_.max_requests(), make_key_prefix()) {}

void channel_client_state::start(std::string url,
                                 task<result<connection>> (*connect)(std::string url, connect_options options)) {
  reconnect_options how = options_.reconnect();
  connect_options each = how.connect_options();
  each.subprotocol(
      std::string(options_.codec().name() == "cbor" ? protocol::cbor_subprotocol : protocol::json_subprotocol));
  reconnect_options made(std::move(each));
  // The protocol's own codes: these are for good.
  reconnect_policy policy = how.policy();
  policy.stop_on(close_code(3500), close_code(4999));
  made.policy(std::move(policy)).offline_queue_bytes(how.offline_queue_bytes()).dialer(how.dialer());
  made.on_connected([weak = weak_from_this()](connection& fresh) -> task<result<void>> {
    const auto self = weak.lock();
    if (!self) co_return error(errc::cancelled, "the client was destroyed");
    co_return co_await self->greet(fresh);
  });
  socket_.reset(new reconnecting_connection(std::move(url), std::move(made), connect));
  spawn(pump(shared_from_this()));
  spawn(flush_on_change(shared_from_this()));
}

// Runs on every new connection before anything else is sent.
task<result<void>> channel_client_state::greet(connection& fresh) {
  protocol::connect_request hello;
  if (options_.token()) {
    auto token = co_await options_.token()();
    if (!token) co_return token.error();
    hello.token = std::move(*token);
  }
  const protocol::client_message first{1, std::move(hello)};
  co_await fresh.send(options_.codec(), first);
  auto received = co_await fresh.receive<protocol::server_message>(options_.codec());
  if (!received) co_return received.error();
  auto* const answer = std::get_if<protocol::response>(&*received);
  if (!answer) co_return error(errc::protocol_violation, "the server did not answer the ConnectRequest first");
  if (const auto* const refused = std::get_if<protocol::failure>(&answer->value)) {
    const bool for_good = refused->code == protocol::failure_code::not_allowed;
    co_return error(for_good ? errc::cancelled : errc::handshake_failed, refused->reason);
  }
  auto* const accepted = std::get_if<protocol::connect_response>(&answer->value);
  if (!accepted) co_return error(errc::protocol_violation, "the server did not answer the ConnectRequest");
  identity_ = std::move(*accepted);
  machine_.on_disconnected();
  machine_.on_connected();
  for (const protocol::client_message& one : machine_.take_output()) {
    const send_result sent = co_await fresh.send(options_.codec(), one);
    if (!sent && fresh.is_open()) machine_.refuse(one.id, sent.error());
  }
  co_return result<void>();
}

task<void> channel_client_state::pump(std::shared_ptr<channel_client_state> self) {
  for (;;) {
    auto received = co_await self->socket_->receive<protocol::server_message>(self->options_.codec());
    if (!received) {
      self->machine_.end(received.error());
      self->socket_->close(close_code::invalid_payload, received.error().detail());
      co_return;
    }
    self->machine_.on_message(std::move(*received));
    self->flush();
  }
}

// What was wanted between the end of greet() and the phase `open` is sent now.
task<void> channel_client_state::flush_on_change(std::shared_ptr<channel_client_state> self) {
  while (const auto change = co_await self->socket_->next_status()) self->flush();
}

void channel_client_state::flush() {
  const reconnect_phase phase = socket_->status().phase;
  if (phase == reconnect_phase::preparing) return;
  // While there is no connection nothing is queued: greet() sends what is still wanted.
  if (phase != reconnect_phase::open) return machine_.on_disconnected();
  for (const protocol::client_message& one : machine_.take_output()) {
    const result<message> encoded = options_.codec().encode(one);
    send_result sent = encoded ? socket_->try_send(*encoded) : send_result(encoded.error());
    if (!sent) machine_.refuse(one.id, sent.error());
  }
  retry_later();
}

void channel_client_state::retry_later() {
  for (auto& one : machine_.take_postponed()) {
    spawn([weak = weak_from_this(), one = std::move(one)]() -> task<void> {
      co_await sleep_for(retry_delay);
      if (const auto self = weak.lock()) {
        self->machine_.retry(one);
        self->flush();
      }
    });
  }
}

void channel_client_state::close() {
  machine_.end(error(errc::closed, "the client was closed"));
  socket_->close(close_code::normal);
}

task<result<protocol::response_value>> channel_client_state::ask(protocol::request what) {
  struct awaited {
    std::optional<result<protocol::response_value>> value;
    async_event done;
  };
  const auto self = shared_from_this();
  const auto answer = std::make_shared<awaited>();
  const std::uint32_t id = machine_.request(std::move(what), [answer](result<protocol::response_value> value) {
    answer->value.emplace(std::move(value));
    answer->done.set();
  });
  flush();
  const result<void> got = co_await with_timeout(answer->done.wait(), options_.request_timeout());
  if (got) co_return std::move(*answer->value);
  self->machine_.forget(id);
  co_return got.error();
}

}  // namespace twinsocket::detail
