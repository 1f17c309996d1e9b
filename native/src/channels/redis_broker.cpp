#include "twinsocket/native/redis_broker.hpp"

#include <utility>

#include "channels/redis_calls.hpp"
#include "twinsocket/detail/remote_call.hpp"

namespace twinsocket {
inline namespace native {

namespace {

using detail::redis_client;
using detail::redis_state;
using detail::redis_state_ptr;

/// The event loop of the client; the first call starts the client on its own loop.
std::shared_ptr<detail::loop_handle> find_or_start(const redis_state_ptr& state) {
  const auto& here = detail::loop::require_current().handle();
  {
    const std::scoped_lock lock(state->mutex);
    if (state->own_loop) return state->own_loop;
    state->own_loop = here;
  }
  spawn(redis_client::run(state));
  return here;
}

template <class T>
task<result<T>> run_on_own_loop(redis_state_ptr state, task<result<T>> call) {
  const auto own_loop = find_or_start(state);
  if (own_loop == detail::loop::require_current().handle()) co_return co_await std::move(call);
  detail::remote_call<result<T>> remote(own_loop, std::move(call));
  auto out = co_await remote;
  if (!out) co_return error(errc::closed, "the event loop of the broker has ended");
  co_return std::move(*out);
}

// None of the functions is a coroutine: a call may begin, and end, after the broker is destroyed.
class redis_broker_impl final : public broker {
 public:
  explicit redis_broker_impl(detail::redis_settings settings)
      : state_(std::make_shared<redis_state>(std::move(settings))) {}

  ~redis_broker_impl() override {
    const std::scoped_lock lock(state_->mutex);
    if (!state_->own_loop) return;
    // If that loop has ended, the client has ended with it.
    static_cast<void>(state_->own_loop->post([state = state_] {
      if (state->client) state->client->stop();
    }));
  }

  void set_listener(std::weak_ptr<broker_listener> to) override { state_->listener = std::move(to); }

  task<result<std::optional<broker_position>>> publish(std::string channel, std::string bytes,
                                                       broker_publish_options options) override {
    return run_on_own_loop(state_, redis_publish(state_, std::move(channel), std::move(bytes), std::move(options)));
  }
  task<result<void>> subscribe(std::string channel) override {
    return run_on_own_loop(state_, redis_subscribe(state_, std::move(channel)));
  }
  task<result<void>> unsubscribe(std::string channel) override {
    return run_on_own_loop(state_, redis_unsubscribe(state_, std::move(channel)));
  }
  task<result<broker_history>> history(std::string channel, std::uint64_t since, std::size_t limit) override {
    return run_on_own_loop(state_, redis_history(state_, std::move(channel), since, limit));
  }
  task<result<void>> add_presence(std::string channel, std::string client, std::string bytes,
                                  std::chrono::milliseconds time) override {
    return run_on_own_loop(state_,
                           redis_add_presence(state_, std::move(channel), std::move(client), std::move(bytes), time));
  }
  task<result<void>> remove_presence(std::string channel, std::string client) override {
    return run_on_own_loop(state_, redis_remove_presence(state_, std::move(channel), std::move(client)));
  }
  task<result<std::vector<broker_member>>> presence(std::string channel) override {
    return run_on_own_loop(state_, redis_presence(state_, std::move(channel)));
  }
  task<result<void>> remove(std::string channel) override {
    return run_on_own_loop(state_, redis_remove(state_, std::move(channel)));
  }
  broker_health health() const override {
    const std::scoped_lock lock(state_->mutex);
    return state_->health;
  }

 private:
  const redis_state_ptr state_;
};

}  // namespace

result<std::shared_ptr<broker>> redis_broker(std::string url, redis_broker_options options) {
  auto parsed = detail::parse_redis_url(url);
  if (!parsed) return parsed.error();
  if (options.key_prefix.find('{') != std::string::npos)
    return error(errc::invalid_argument,
                 "the key prefix of a Redis broker contains \"{\": \"" + options.key_prefix + "\"");
  return std::shared_ptr<broker>(
      std::make_shared<redis_broker_impl>(detail::redis_settings{std::move(*parsed), std::move(options)}));
}

}  // namespace native
}  // namespace twinsocket
