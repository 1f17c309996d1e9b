#pragma once

// Checks of a broker's calls and of what it delivers. g++ 12 evaluates a co_await inside CHECK() twice.

#include <memory>
#include <string>
#include <utility>

#include "test.hpp"
#include "twinsocket/async_queue.hpp"
#include "twinsocket/native/broker.hpp"
#include "twinsocket/with_timeout.hpp"

struct delivered {
  std::string channel;
  twinsocket::broker_publication publication;
  std::string epoch;

  friend bool operator==(const delivered&, const delivered&) = default;
};

/// "gap" stands for on_gap().
class collecting_listener final : public twinsocket::broker_listener {
 public:
  void on_publication(std::string_view channel, const twinsocket::broker_publication& one,
                      std::string_view epoch) override {
    push({std::string(channel), one, std::string(epoch)});
  }
  void on_gap(std::string_view) override { push(note("gap")); }

  [[nodiscard]] twinsocket::task<delivered> next() {
    auto one = co_await twinsocket::with_timeout(queue_.pop(), std::chrono::seconds(20));
    if (one) co_return std::move(*one);
    co_return note("nothing came: " + one.error().message());
  }
  [[nodiscard]] twinsocket::task<void> expect(std::string bytes) {
    const delivered one = co_await next();
    CHECK(one.publication.bytes == bytes);
  }

 private:
  static delivered note(std::string text) {
    delivered out;
    out.publication.bytes = std::move(text);
    return out;
  }
  void push(delivered one) { static_cast<void>(queue_.try_push(std::move(one))); }

  twinsocket::async_queue<delivered> queue_{100'000};
};

inline std::shared_ptr<collecting_listener> listen(twinsocket::broker& to) {
  auto out = std::make_shared<collecting_listener>();
  to.set_listener(out);
  return out;
}

template <class T>
twinsocket::task<void> succeeds(twinsocket::task<twinsocket::result<T>> call) {
  const auto done = co_await std::move(call);
  INFO((done ? std::string() : done.error().message()));
  CHECK(done.has_value());
}

template <class T>
twinsocket::task<void> fails(twinsocket::task<twinsocket::result<T>> call, twinsocket::errc with) {
  const auto done = co_await std::move(call);
  REQUIRE_FALSE(done.has_value());
  INFO(done.error().message());
  CHECK((done.error() == with));
}
