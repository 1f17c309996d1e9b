#include "connection/reconnecting_state.hpp"

// The phases: connecting, preparing, open, waiting, closed.

#include <utility>

#include "twinsocket/url.hpp"

namespace twinsocket::detail {

namespace {

// Status changes that are queued while next_status() is not called. The oldest is dropped.
constexpr std::size_t max_status_changes = 32;

bool is_permanent(const error& why) {
  return why == errc::cancelled || why == errc::invalid_argument || why == errc::unsupported;
}

}  // namespace

reconnecting_state::reconnecting_state(loop& own_loop, std::string url, reconnect_options options, double (*jitter)())
    : connection_state(own_loop, {}, options.connect_options().limits()),
      url_(std::move(url)),
      options_(std::move(options)),
      jitter_source_(jitter),
      reconnect_machine_(options_.policy(), own_loop.now(), is_loopback(url_)),
      receive_queue_(options_.connect_options().limits().receive_queue_bytes()),
      offline_queue_(options_.offline_queue_bytes()) {}

void reconnecting_state::start() {
  const environment now = own_loop().listen(*this);
  reconnect_machine_.set_active(now.active, own_loop().now());
  reconnect_machine_.set_visible(now.visible, own_loop().now());
  reconnect_machine_.set_online(now.online, own_loop().now());
  report();
  options_.connect_options().cancellation().add(*this);
  if (own_loop().closing()) begin_close(close_code::normal, {});
  spawn(run(std::static_pointer_cast<reconnecting_state>(shared_from_this())));
}

task<void> reconnecting_state::run(self) {
  while (!finished_) {
    switch (reconnect_machine_.current_phase()) {
      case reconnect_phase::connecting: co_await connect(); break;
      case reconnect_phase::preparing: co_await prepare(); break;
      case reconnect_phase::open: co_await receive(); break;
      case reconnect_phase::waiting:
      case reconnect_phase::paused:
        co_await changed_.wait_until(reconnect_machine_.due());
        reconnect_machine_.on_timer(own_loop().now());
        if (reconnect_machine_.current_phase() == reconnect_phase::connecting) report();
        break;
      case reconnect_phase::closed: finish(); break;
    }
  }
}

// An attempt that is no longer needed runs to its end in a task of its own, which then discards the connection.
task<void> reconnecting_state::connect() {
  attempt_ = std::make_shared<attempt>();
  spawn(dial(std::static_pointer_cast<reconnecting_state>(shared_from_this()), attempt_));
  while (!attempt_->outcome && !closing_) co_await changed_.wait();
  const std::shared_ptr<attempt> mine = std::exchange(attempt_, nullptr);
  if (!mine->outcome || closing_) {
    reconnect_machine_.close();
  } else if (result<connection>& opened = *mine->outcome; !opened) {
    failed(opened.error());
  } else {
    connection_ = std::make_shared<connection>(std::move(*opened));
    set_subprotocol(connection_->subprotocol());
    reconnect_machine_.connected();
    report();
  }
}

task<void> reconnecting_state::dial(self, std::shared_ptr<attempt> one) {
  connect_options with = options_.connect_options();
  with.cancel_on(one->stop);
  one->outcome.emplace(co_await options_.dialer()(url_, std::move(with)));
  if (attempt_ == one) {
    changed_.notify();
  } else {
    one->outcome.reset();
  }
}

task<void> reconnecting_state::prepare() {
  prepared_.reset();
  const time_point due = add_saturating(own_loop().now(), options_.connect_options().timeout());
  if (options_.on_connected()) {
    const self alive = std::static_pointer_cast<reconnecting_state>(shared_from_this());
    spawn(run_on_connected(alive, connection_));
    spawn(watch_close(alive, connection_));
    while (!prepared_ && connection_->state().is_open() && own_loop().now() < due) co_await changed_.wait_until(due);
  } else {
    prepared_.emplace();
  }

  const shared_connection fresh = connection_;
  if (closing_ || !fresh->state().is_open()) {
    const close_info how = co_await fresh->closed();
    lost(how, fresh->state().failure());
  } else if (!prepared_) {
    fresh->abort();
    failed(error(errc::timed_out, "setting up the connection took longer than " +
                                      std::to_string(options_.connect_options().timeout().count()) + " ms"));
  } else if (!*prepared_) {
    fresh->close();
    if (is_permanent(prepared_->error())) reconnect_machine_.close();
    failed(prepared_->error());
  } else {
    reconnect_machine_.prepared(own_loop().now());
    report();
    last_close_.reset();
    last_error_.reset();
    start_sending_offline_queue();
    resume_senders();
  }
}

task<void> reconnecting_state::run_on_connected(self, shared_connection fresh) {
  result<void> done = co_await options_.on_connected()(*fresh);
  if (connection_ != fresh) co_return;
  prepared_.emplace(std::move(done));
  changed_.notify();
}

task<void> reconnecting_state::watch_close(self, shared_connection fresh) {
  co_await fresh->closed();
  if (connection_ == fresh) changed_.notify();
}

task<void> reconnecting_state::receive() {
  const shared_connection from = connection_;
  while (auto received = co_await from->receive()) {
    // A close must not wait for a receiver that never comes.
    if (closing_ && receive_queue_.full()) continue;
    receive_queue_.push(std::move(*received));
    resume_receivers();
    while (receive_queue_.full() && !receive_queue_.empty() && !closing_) {
      reading_paused_ = true;
      co_await changed_.wait();
    }
    reading_paused_ = false;
  }
  const close_info how = co_await from->closed();
  lost(how, from->state().failure());
}

void reconnecting_state::failed(error why) {
  connection_.reset();
  if (reconnect_machine_.current_phase() != reconnect_phase::closed)
    reconnect_machine_.failed(why, jitter_source_(), own_loop().now());
  last_error_ = std::move(why);
  if (reconnect_machine_.current_phase() != reconnect_phase::closed) report();
}

void reconnecting_state::lost(const close_info& how, error why) {
  const auto done = connection_->counters();
  previous_counters_.messages_received += done.messages_received;
  previous_counters_.messages_sent += done.messages_sent;
  previous_counters_.bytes_received += done.bytes_received;
  previous_counters_.bytes_sent += done.bytes_sent;
  connection_.reset();
  last_close_ = how;
  last_error_ = std::move(why);
  if (closing_) {
    reconnect_machine_.close();
  } else {
    reconnect_machine_.lost(how, jitter_source_(), own_loop().now());
  }
  if (reconnect_machine_.current_phase() != reconnect_phase::closed) report();
}

void reconnecting_state::finish() {
  cancellable::unsubscribe();
  const bool unconnected = closing_ && !last_close_;
  info_ = last_close_ ? *last_close_ : closing_ ? close_request_ : close_info();
  if (unconnected) last_error_.reset();
  offline_queue_.drop_all();
  finished_ = true;
  report();
  resume_all_waiters();
}

error reconnecting_state::failure() const {
  // After close() the error is errc::closed, not the reason why there was no connection before.
  if (last_error_ && (finished_ || !closing_)) return *last_error_;
  error why(errc::closed, describe(finished_ ? info_ : close_request_));
  if (finished_) why.close(info_);
  return why;
}

reconnect_status reconnecting_state::status() const {
  reconnect_status now;
  now.phase = finished_ ? reconnect_phase::closed : reconnect_machine_.current_phase();
  now.failures = reconnect_machine_.failures();
  if (reconnect_machine_.due() != time_point::max())
    now.delay = std::chrono::ceil<std::chrono::milliseconds>(
        std::max(time_point::duration(0), reconnect_machine_.due() - own_loop().now()));
  else if (now.phase == reconnect_phase::waiting)
    now.delay = std::chrono::milliseconds::max();  // It does not reconnect by itself.
  now.close = last_close_;
  now.error = last_error_;
  now.dropped = {offline_queue_.dropped() - reported_dropped_,
                 offline_queue_.dropped_bytes() - reported_dropped_bytes_};
  return now;
}

void reconnecting_state::report() {
  if (changes_.size() == max_status_changes) changes_.pop_front();
  changes_.push_back(status());
  if (changes_.back().phase == reconnect_phase::open) {
    reported_dropped_ = offline_queue_.dropped();
    reported_dropped_bytes_ = offline_queue_.dropped_bytes();
  }
  log_status();
  notify_watchers();
}

void reconnecting_state::log_status() const {
  const log_hook& log = options_.connect_options().log();
  const reconnect_status& now = changes_.back();
  const std::string failures = std::to_string(now.failures) + (now.failures == 1 ? " failure" : " failures");
  std::string detail;
  if (now.phase == reconnect_phase::waiting) {
    detail = "in " + std::to_string(now.delay.count()) + " ms, after " + failures;
  } else if (now.phase == reconnect_phase::paused) {
    detail = "when the network is back, after " + failures;
  } else if (now.phase == reconnect_phase::closed && !closing_) {
    detail = "after " + failures;
  }
  if (log && !detail.empty())
    log({log_level::info, now.phase == reconnect_phase::closed ? "gave up" : "reconnecting", detail, {}, {}});
}

bool reconnecting_state::next_status(reconnect_status& out) {
  if (changes_.empty()) return false;
  out = std::move(changes_.front());
  changes_.pop_front();
  return true;
}

void reconnecting_state::retry_now() {
  reconnect_machine_.retry(own_loop().now());
  if (reconnect_machine_.current_phase() == reconnect_phase::connecting) changed_.notify();
}

void reconnecting_state::set_online(bool on) {
  const reconnect_phase before = reconnect_machine_.current_phase();
  const time_point due = reconnect_machine_.due();
  reconnect_machine_.set_online(on, own_loop().now());
  if (on && connection_) connection_->state().probe(true);
  phase_changed(before, due);
}

void reconnecting_state::on_environment_change(environment now) {
  const reconnect_phase before = reconnect_machine_.current_phase();
  const time_point due = reconnect_machine_.due();
  reconnect_machine_.set_active(now.active, own_loop().now());
  reconnect_machine_.set_visible(now.visible, own_loop().now());
  reconnect_machine_.set_online(now.online, own_loop().now());
  if (now.resumed && connection_) connection_->state().probe(true);
  phase_changed(before, due);
}

// The next attempt may be due now, or at a different time than before.
void reconnecting_state::phase_changed(reconnect_phase before, time_point due) {
  if (reconnect_machine_.current_phase() == before && reconnect_machine_.due() == due) return;
  if (reconnect_machine_.current_phase() == reconnect_phase::waiting ||
      reconnect_machine_.current_phase() == reconnect_phase::paused)
    report();
  changed_.notify();
}

bool reconnecting_state::next(message& out) {
  if (receive_queue_.empty()) return false;
  out = receive_queue_.pop();
  if (reading_paused_ && !receive_queue_.full()) changed_.notify();
  return true;
}

void reconnecting_state::begin_close(close_code code, std::string reason) {
  if (finished_ || closing_) return;
  if (is_connected()) flush_offline_queue();
  closing_ = true;
  close_request_ = {code, reason, false, close_initiator::local};
  if (connection_) {
    connection_->close(code, reason);
  } else {
    reconnect_machine_.close();
    last_close_.reset();
  }
  if (attempt_) attempt_->stop.cancel();
  changed_.notify();
}

void reconnecting_state::close_stream() {
  if (finished_) return;
  if (!std::exchange(closing_, true)) {
    close_request_ = {close_code::abnormal, {}, false, close_initiator::local};
    if (!connection_) {
      reconnect_machine_.close();
      last_close_.reset();
    }
  }
  if (connection_) connection_->abort();
  if (attempt_) attempt_->stop.cancel();
  changed_.notify();
}

// The loop destroys the suspended tasks above.
void reconnecting_state::release_loop() {
  if (finished_) return;
  cancellable::unsubscribe();
  if (environment_listener::is_linked()) environment_listener::unlink();
  closing_ = true;
  finished_ = true;
  connection_.reset();
  offline_queue_.drop_all();
  info_ = close_info();
  last_error_ = error(errc::closed, "the connection's event loop has ended");
}

counters reconnecting_state::current_counters() const noexcept {
  twinsocket::counters all = previous_counters_;
  if (connection_) {
    const twinsocket::counters now = connection_->counters();
    all.messages_received += now.messages_received;
    all.messages_sent += now.messages_sent;
    all.bytes_received += now.bytes_received;
    all.bytes_sent += now.bytes_sent;
  }
  all.dropped = offline_queue_.dropped();
  return all;
}

std::string reconnecting_state::local_address() const {
  return connection_ ? connection_->local_address() : std::string();
}
std::string reconnecting_state::remote_address() const {
  return connection_ ? connection_->remote_address() : std::string();
}

}  // namespace twinsocket::detail
