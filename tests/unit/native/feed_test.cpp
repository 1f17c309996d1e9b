#include "sensors/feed.hpp"

#include "test.hpp"
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "result_text.hpp"
#include "sensors/command.hpp"

using namespace std::chrono_literals;
using namespace twinsocket::app;
using twinsocket::errc;
using twinsocket::error;
using twinsocket::result;

namespace {

// Longer than any test, so no read is triggered by the interval.
constexpr auto never = 1h;

// A counter that one thread increments and another waits for.
class counter {
 public:
  void add() {
    const std::lock_guard lock(mutex_);
    ++count_;
    changed_.notify_all();
  }
  [[nodiscard]] int value() const {
    const std::lock_guard lock(mutex_);
    return count_;
  }
  void wait_for(int count) const {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return count_ >= count; });
  }

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  int count_ = 0;
};

// A source that returns the number of the read as its value.
class counting_source final : public sensor_source {
 public:
  explicit counting_source(std::shared_ptr<counter> reads) : reads_(std::move(reads)) {}
  [[nodiscard]] std::string_view name() const noexcept override { return "counting"; }
  [[nodiscard]] result<sample> read(std::stop_token) override {
    reads_->add();
    sample taken;
    taken.readings.push_back({"chip", "reads", "other", static_cast<double>(reads_->value()), "", {}, {}, 1});
    taken.text = "reads: " + std::to_string(reads_->value()) + "\n";
    return taken;
  }

 private:
  std::shared_ptr<counter> reads_;
};

// A source whose read lasts until it is stopped.
class endless_source final : public sensor_source {
 public:
  explicit endless_source(std::shared_ptr<counter> reads) : reads_(std::move(reads)) {}
  [[nodiscard]] std::string_view name() const noexcept override { return "endless"; }
  [[nodiscard]] result<sample> read(std::stop_token stop) override {
    reads_->add();
    counter stopped;
    const std::stop_callback on_stop(stop, [&] { stopped.add(); });
    stopped.wait_for(1);
    return error(errc::cancelled);
  }

 private:
  std::shared_ptr<counter> reads_;
};

// A source whose read blocks until a gate opens.
class gated_source final : public sensor_source {
 public:
  gated_source(std::shared_ptr<counter> begun, std::shared_ptr<counter> gate)
      : begun_(std::move(begun)), gate_(std::move(gate)) {}
  [[nodiscard]] std::string_view name() const noexcept override { return "gated"; }
  [[nodiscard]] result<sample> read(std::stop_token) override {
    begun_->add();
    gate_->wait_for(1);
    sample taken;
    taken.text = "through the gate";
    return taken;
  }

 private:
  std::shared_ptr<counter> begun_;
  std::shared_ptr<counter> gate_;
};

class failing_source final : public sensor_source {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "failing"; }
  [[nodiscard]] result<sample> read(std::stop_token) override { return error(errc::timed_out, "the bus"); }
};

// A listener that stores the snapshots.
class ear {
 public:
  [[nodiscard]] sensor_feed::listener listener() {
    return [this](const std::shared_ptr<const snapshot>& heard) {
      {
        const std::lock_guard lock(mutex_);
        heard_.push_back(heard);
        thread_ = std::this_thread::get_id();
      }
      count_.add();
    };
  }
  void wait_for(int count) const { count_.wait_for(count); }
  [[nodiscard]] int count() const { return count_.value(); }
  [[nodiscard]] std::vector<std::shared_ptr<const snapshot>> heard() const {
    const std::lock_guard lock(mutex_);
    return heard_;
  }
  [[nodiscard]] std::thread::id thread() const {
    const std::lock_guard lock(mutex_);
    return thread_;
  }

 private:
  counter count_;
  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<const snapshot>> heard_;
  std::thread::id thread_;
};

struct counted_feed {
  explicit counted_feed(std::chrono::milliseconds interval)
      : feed(std::make_unique<counting_source>(reads), interval) {}
  std::shared_ptr<counter> reads = std::make_shared<counter>();
  sensor_feed feed;
};

}  // namespace

TEST_CASE("a feed reads once per interval for all listeners") {
  ear a, b, c;
  const auto reads = std::make_shared<counter>();
  {
    sensor_feed feed(std::make_unique<counting_source>(reads), 5ms);
    const auto first = feed.subscribe(a.listener());
    const auto second = feed.subscribe(b.listener());
    const auto third = feed.subscribe(c.listener());
    for (const ear* e : {&a, &b, &c}) e->wait_for(10);
  }
  // Each listener got each read once, in order. Listeners that subscribed later may have missed the first.
  for (const ear* e : {&a, &b, &c}) {
    const auto heard = e->heard();
    double before = heard.front()->report().readings.at(0).value - 1;
    for (const auto& s : heard) {
      REQUIRE(s->report().readings.at(0).value == before + 1);
      ++before;
    }
    REQUIRE(before <= reads->value());
    REQUIRE(e->thread() == a.thread());
  }
  REQUIRE(a.thread() != std::this_thread::get_id());
  // Nothing was read without a listener, except the read that was in progress at the end of the feed.
  REQUIRE(reads->value() - a.count() <= 1);
  REQUIRE(a.heard().front()->report().readings.at(0).value == 1);
}

TEST_CASE("a feed without listeners does not read") {
  counted_feed counted(5ms);
  ear listening;
  counter left;
  sensor_feed::subscription subscription;
  std::mutex mutex;
  {
    const std::lock_guard lock(mutex);
    subscription = counted.feed.subscribe([&](const std::shared_ptr<const snapshot>& s) {
      // Unsubscribes in its callback, when no read can be in progress.
      if (s->report().readings.at(0).value < 3) return;
      const std::lock_guard inner(mutex);
      subscription.reset();
      left.add();
    });
  }
  left.wait_for(1);
  REQUIRE(counted.reads->value() == 3);

  // Another feed serves as a clock: while it reads ten times, this one does not read.
  counted_feed other(5ms);
  {
    const auto ticks = other.feed.subscribe(listening.listener());
    listening.wait_for(10);
  }
  REQUIRE(counted.reads->value() == 3);

  // It continues with the next listener.
  ear next;
  const auto again = counted.feed.subscribe(next.listener());
  next.wait_for(2);
  REQUIRE(counted.reads->value() >= 4);
}

TEST_CASE("a feed that never had a listener never reads") {
  const auto reads = std::make_shared<counter>();
  { const sensor_feed feed(std::make_unique<counting_source>(reads), 10ms); }
  REQUIRE(reads->value() == 0);
}

TEST_CASE("a listener that subscribes within an interval gets the last snapshot immediately") {
  counted_feed counted(never);
  ear first, second, third;
  {
    const auto a = counted.feed.subscribe(first.listener());
    first.wait_for(1);
    const auto b = counted.feed.subscribe(second.listener());
    second.wait_for(1);
  }
  // Also after all have unsubscribed, so that repeated subscribing does not make it read more often.
  const auto c = counted.feed.subscribe(third.listener());
  third.wait_for(1);
  REQUIRE(counted.reads->value() == 1);
  REQUIRE(first.heard().at(0) == second.heard().at(0));
  REQUIRE(first.heard().at(0) == third.heard().at(0));
}

TEST_CASE("a shorter interval takes effect immediately") {
  counted_feed counted(never);
  ear listening;
  const auto subscription = counted.feed.subscribe(listening.listener());
  listening.wait_for(1);
  counted.feed.set_interval(5ms);
  REQUIRE(counted.feed.interval() == 5ms);
  listening.wait_for(3);
  REQUIRE(counted.reads->value() >= 3);
}

TEST_CASE("a callback is not called after its subscription has ended") {
  counted_feed counted(1ms);
  ear other;
  const auto stays = counted.feed.subscribe(other.listener());
  for (int i = 0; i < 50; ++i) {
    auto alive = std::make_unique<ear>();
    auto subscription = counted.feed.subscribe(alive->listener());
    if (i % 2) alive->wait_for(1);
    subscription.reset();
    REQUIRE_FALSE(subscription);
    // A call now would use a destroyed object; the sanitizers would report it.
    alive.reset();
  }
  const int before = other.count();
  other.wait_for(before + 2);
  REQUIRE(other.count() >= before + 2);
}

TEST_CASE("a callback may subscribe and unsubscribe") {
  counted_feed counted(2ms);
  ear inner;
  counter done;
  std::mutex mutex;
  std::vector<sensor_feed::subscription> subscriptions;
  const auto outer = counted.feed.subscribe([&](const std::shared_ptr<const snapshot>&) {
    const std::lock_guard lock(mutex);
    if (subscriptions.empty())
      subscriptions.push_back(counted.feed.subscribe(inner.listener()));
    else if (inner.count() > 0)
      subscriptions.back().reset();
    done.add();
  });
  done.wait_for(3);
  inner.wait_for(1);
  REQUIRE(inner.heard().at(0)->report().source == "counting");
}

TEST_CASE("a subscription can be moved and may outlive its feed") {
  ear listening;
  sensor_feed::subscription kept;
  {
    counted_feed counted(never);
    auto first = counted.feed.subscribe(listening.listener());
    kept = std::move(first);
    REQUIRE(kept);
    listening.wait_for(1);
  }
  REQUIRE(listening.count() == 1);
  kept.reset();
  REQUIRE_FALSE(kept);
}

TEST_CASE("destroying a feed stops a pending read") {
  const auto reads = std::make_shared<counter>();
  ear listening;
  {
    sensor_feed feed(std::make_unique<endless_source>(reads), 10ms);
    const auto subscription = feed.subscribe(listening.listener());
    reads->wait_for(1);
  }
  REQUIRE(reads->value() == 1);
  REQUIRE(listening.count() == 0);
}

TEST_CASE("the result of a pending read is delivered to a later listener") {
  const auto begun = std::make_shared<counter>();
  const auto gate = std::make_shared<counter>();
  ear gone, next;
  sensor_feed feed(std::make_unique<gated_source>(begun, gate), never);
  {
    const auto subscription = feed.subscribe(gone.listener());
    begun->wait_for(1);
  }
  const auto subscription = feed.subscribe(next.listener());
  gate->add();
  next.wait_for(1);
  REQUIRE(begun->value() == 1);
  REQUIRE(gone.count() == 0);
  REQUIRE(next.heard().at(0)->text() == "through the gate");
}

TEST_CASE("destroying a feed ends its running command") {
  auto source = make_command_source("sleep 1000", process_limits().time(10min));
  REQUIRE(source);
  ear listening;
  {
    sensor_feed feed(std::move(*source), 10ms);
    const auto subscription = feed.subscribe(listening.listener());
  }
  REQUIRE(listening.count() == 0);
}

TEST_CASE("a failed read is delivered as a snapshot with the error") {
  ear listening;
  sensor_feed feed(std::make_unique<failing_source>(), never);
  REQUIRE(feed.source_name() == "failing");
  const auto subscription = feed.subscribe(listening.listener());
  listening.wait_for(1);
  const auto heard = listening.heard().at(0);
  REQUIRE(heard->failure());
  REQUIRE(*heard->failure() == errc::timed_out);
  REQUIRE(heard->report().error == "the operation timed out: the bus");
  REQUIRE(heard->report().readings.empty());
  REQUIRE(heard->text().empty());
}

TEST_CASE("a snapshot has the text, source name and time of the reading") {
  counted_feed counted(never);
  ear listening;
  const auto subscription = counted.feed.subscribe(listening.listener());
  listening.wait_for(1);
  const auto heard = listening.heard().at(0);
  REQUIRE(heard->text() == "reads: 1\n");
  REQUIRE(heard->report().source == "counting");
  REQUIRE(heard->report().time > 1'600'000'000'000);
  REQUIRE_FALSE(heard->report().error);
  REQUIRE_FALSE(heard->failure());
}
