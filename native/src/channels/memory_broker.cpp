// The broker in the process: a memory_store behind a mutex.

#include <mutex>
#include <utility>

#include "channels/memory_store.hpp"
#include "channels/random_name.hpp"

namespace twinsocket {
inline namespace native {

namespace {

using detail::memory_store;

class memory_broker_impl final : public broker {
 public:
  explicit memory_broker_impl(const memory_broker_options& options) : store_(options, detail::random_name()) {}

  void set_listener(std::weak_ptr<broker_listener> to) override { listener_ = std::move(to); }

  // The listener is called under the mutex, so that it sees the publications in the order of their offsets.
  task<result<std::optional<broker_position>>> publish(std::string channel, std::string bytes,
                                                       broker_publish_options options) override {
    const auto listener = listener_.lock();
    const std::scoped_lock lock(mutex_);
    const memory_store::published made = store_.publish(channel, bytes, options, now());
    if (!made.repeated && listener)
      listener->on_publication(channel, {made.position ? made.position->offset : 0, std::move(bytes)},
                               made.position ? std::string_view(made.position->epoch) : std::string_view());
    co_return made.position;
  }
  task<result<void>> subscribe(std::string channel) override {
    const std::scoped_lock lock(mutex_);
    store_.subscribe(channel, now());
    co_return result<void>();
  }
  task<result<void>> unsubscribe(std::string channel) override {
    const std::scoped_lock lock(mutex_);
    store_.unsubscribe(channel, now());
    co_return result<void>();
  }
  task<result<broker_history>> history(std::string channel, std::uint64_t since, std::size_t limit) override {
    const std::scoped_lock lock(mutex_);
    co_return store_.history(channel, since, limit, now());
  }
  task<result<void>> add_presence(std::string channel, std::string client, std::string bytes,
                                  std::chrono::milliseconds time) override {
    const std::scoped_lock lock(mutex_);
    const detail::time_point from = now();
    if (store_.add_presence(channel, client, std::move(bytes), detail::add_saturating(from, time), from))
      co_return result<void>();
    co_return error(errc::queue_full, "there are too many channels");
  }
  task<result<void>> remove_presence(std::string channel, std::string client) override {
    const std::scoped_lock lock(mutex_);
    store_.remove_presence(channel, client, now());
    co_return result<void>();
  }
  task<result<std::vector<broker_member>>> presence(std::string channel) override {
    const std::scoped_lock lock(mutex_);
    co_return store_.presence(channel, now());
  }
  task<result<void>> remove(std::string channel) override {
    const std::scoped_lock lock(mutex_);
    store_.remove(channel);
    co_return result<void>();
  }
  broker_health health() const override { return {}; }

 private:
  static detail::time_point now() { return std::chrono::steady_clock::now(); }

  std::weak_ptr<broker_listener> listener_;
  std::mutex mutex_;
  memory_store store_;
};

}  // namespace

std::shared_ptr<broker> memory_broker(const memory_broker_options& options) {
  return std::make_shared<memory_broker_impl>(options);
}

}  // namespace native
}  // namespace twinsocket
