#include "sensors/feed.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

namespace twinsocket::app {

using clock = std::chrono::steady_clock;

struct sensor_feed::state {
  struct entry {
    std::uint64_t id;
    std::shared_ptr<const listener> call;
    std::shared_ptr<const snapshot> seen;
  };

  state(std::unique_ptr<sensor_source> from, std::chrono::milliseconds every)
      : source(std::move(from)), interval(every) {}

  std::uint64_t add(listener call);
  void remove(std::uint64_t id) noexcept;
  void close() noexcept;

  void work();
  void read(std::unique_lock<std::mutex>& lock);
  void deliver(std::unique_lock<std::mutex>& lock);
  [[nodiscard]] bool has_work() const { return !closed && !listeners.empty(); }

  const std::unique_ptr<sensor_source> source;  // used by the worker thread only

  std::mutex mutex;
  // Notified when the worker has to check its state, and when a callback has returned.
  std::condition_variable changed;
  std::chrono::milliseconds interval;
  std::vector<entry> listeners;
  std::uint64_t last_id = 0;
  std::shared_ptr<const snapshot> last;
  clock::time_point last_start;
  std::stop_source stop;  // requested when the feed is destroyed
  std::uint64_t called = 0;
  bool closed = false;
  bool working = false;
  std::thread worker;
};

std::uint64_t sensor_feed::state::add(listener call) {
  const std::lock_guard lock(mutex);
  listeners.push_back({++last_id, std::make_shared<const listener>(std::move(call)), nullptr});
  if (!working && !closed) {
    // A worker that is not working has left its last critical section, so join() returns at once.
    if (worker.joinable()) worker.join();
    working = true;
    worker = std::thread([this] { work(); });
  }
  changed.notify_all();
  return last_id;
}

// A pending read continues when the last listener unsubscribes. The next listener gets its result, so that short
// subscriptions do not restart the read each time.
void sensor_feed::state::remove(std::uint64_t id) noexcept {
  entry removed{};  // destroyed outside the lock, because the destructor of the callback is user code
  std::unique_lock lock(mutex);
  const auto found = std::find_if(listeners.begin(), listeners.end(), [id](const entry& e) { return e.id == id; });
  if (found == listeners.end()) return;
  removed = std::move(*found);
  listeners.erase(found);
  changed.notify_all();
  if (std::this_thread::get_id() != worker.get_id()) changed.wait(lock, [&] { return called != id; });
}

void sensor_feed::state::close() noexcept {
  {
    const std::lock_guard lock(mutex);
    closed = true;
    changed.notify_all();
  }
  stop.request_stop();
  if (worker.joinable()) worker.join();
}

void sensor_feed::state::work() {
  std::unique_lock lock(mutex);
  while (has_work()) {
    if (!last || clock::now() >= last_start + interval) read(lock);
    deliver(lock);
    const auto seen = [&](const entry& e) { return e.seen == last; };
    const auto nothing_to_do = [&] { return has_work() && std::all_of(listeners.begin(), listeners.end(), seen); };
    if (last && nothing_to_do()) changed.wait_until(lock, last_start + interval);
  }
  working = false;
}

void sensor_feed::state::read(std::unique_lock<std::mutex>& lock) {
  const auto start = clock::now();
  lock.unlock();
  demo::sensor_report report;
  report.source = source->name();
  report.time = wall_clock_milliseconds();
  auto sample = source->read(stop.get_token());
  std::shared_ptr<const snapshot> now;
  if (sample) {
    report.readings = std::move(sample->readings);
    now = std::make_shared<const snapshot>(std::move(report), std::move(sample->text));
  } else if (!stop.stop_requested()) {
    now = std::make_shared<const snapshot>(std::move(report), sample.error());
  }
  lock.lock();
  if (!now) return;
  last = std::move(now);
  last_start = start;
}

// Calls every listener once with the last snapshot before the next read. A slow callback delays the other listeners, but
// none of them misses a snapshot.
void sensor_feed::state::deliver(std::unique_lock<std::mutex>& lock) {
  const std::shared_ptr<const snapshot> now = last;
  const auto waits = [&](const entry& e) { return e.seen != now; };
  while (now && !closed) {
    const auto next = std::find_if(listeners.begin(), listeners.end(), waits);
    if (next == listeners.end()) return;
    next->seen = now;
    std::shared_ptr<const listener> call = next->call;
    called = next->id;
    lock.unlock();
    (*call)(now);
    call.reset();
    lock.lock();
    called = 0;
    changed.notify_all();
  }
}

void sensor_feed::subscription::reset() noexcept {
  if (feed_) feed_->remove(id_);
  feed_.reset();
}

sensor_feed::sensor_feed(std::unique_ptr<sensor_source> source, std::chrono::milliseconds interval)
    : state_(std::make_shared<state>(std::move(source), interval)) {}

sensor_feed::~sensor_feed() { state_->close(); }

sensor_feed::subscription sensor_feed::subscribe(listener callback) {
  return {state_, state_->add(std::move(callback))};
}

void sensor_feed::set_interval(std::chrono::milliseconds interval) {
  const std::lock_guard lock(state_->mutex);
  state_->interval = interval;
  state_->changed.notify_all();
}

std::chrono::milliseconds sensor_feed::interval() const {
  const std::lock_guard lock(state_->mutex);
  return state_->interval;
}

std::string_view sensor_feed::source_name() const noexcept { return state_->source->name(); }

}  // namespace twinsocket::app
