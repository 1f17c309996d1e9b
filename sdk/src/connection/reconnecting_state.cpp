#include "connection/reconnecting_state.hpp"

// The phases: connecting, preparing, open, waiting, closed.

#include <utility>

#include "session/loopback.hpp"

namespace twinsocket::detail {

namespace {

// Status changes that are queued while next_status() is not called. The oldest is dropped.
constexpr std::size_t most_changes = 32;

bool ends_for_good(const error& why) {
  return why == errc::cancelled || why == errc::invalid_argument || why == errc::unsupported;
}

}  // namespace

reconnecting_state::reconnecting_state(loop& home, std::string url, reconnect_options options, double (*chance)())
    : connection_state(home, {}, options.connecting().limits()),
      url_(std::move(url)),
      options_(std::move(options)),
      chance_(chance),
      machine_(options_.policy(), home.now(), is_loopback(url_)),
      inbox_(options_.connecting().limits().inbound_bytes()),
      unsent_(options_.unsent_bytes()) {}

void reconnecting_state::start() {
  const surroundings now = home().listen(*this);
  machine_.set_active(now.active, home().now());
  machine_.set_visible(now.visible, home().now());
  machine_.set_online(now.online, home().now());
  report();
  options_.connecting().stop().add(*this);
  if (home().closing()) begin_close(close_code::normal, {});
  spawn(run(std::static_pointer_cast<reconnecting_state>(shared_from_this())));
}

task<void> reconnecting_state::run(self) {
  while (!finished_) {
    switch (machine_.now_in()) {
      case reconnect_phase::connecting:
        co_await connect();
        break;
      case reconnect_phase::preparing:
        co_await prepare();
        break;
      case reconnect_phase::open:
        co_await receive();
        break;
      case reconnect_phase::waiting:
      case reconnect_phase::paused:
        wake_at(machine_.due());
        co_await park();
        machine_.on_time(home().now());
        if (machine_.now_in() == reconnect_phase::connecting) report();
        break;
      case reconnect_phase::closed:
        finish();
        break;
    }
  }
}

// An attempt that is no longer needed runs to its end in a task of its own, which then discards the connection.
task<void> reconnecting_state::connect() {
  attempt_ = std::make_shared<attempt>();
  spawn(dial(std::static_pointer_cast<reconnecting_state>(shared_from_this()), attempt_));
  while (!attempt_->outcome && !closing_) co_await park();
  const std::shared_ptr<attempt> mine = std::exchange(attempt_, nullptr);
  if (!mine->outcome || closing_) {
    machine_.close();
  } else if (result<connection>& opened = *mine->outcome; !opened) {
    failed(opened.error());
  } else {
    inner_ = std::make_shared<connection>(std::move(*opened));
    set_subprotocol(inner_->subprotocol());
    machine_.connected();
    report();
  }
}

task<void> reconnecting_state::dial(self, std::shared_ptr<attempt> one) {
  connect_options with = options_.connecting();
  with.cancel_on(one->stop);
  one->outcome.emplace(co_await options_.dial()(url_, std::move(with)));
  if (attempt_ == one) {
    wake();
  } else {
    one->outcome.reset();
  }
}

task<void> reconnecting_state::prepare() {
  prepared_.reset();
  const time_point due = later(home().now(), options_.connecting().time_limit());
  if (options_.prepare()) {
    const self alive = std::static_pointer_cast<reconnecting_state>(shared_from_this());
    spawn(ask_first(alive, inner_));
    spawn(notice_end(alive, inner_));
    while (!prepared_ && inner_->state().is_open() && home().now() < due) {
      wake_at(due);
      co_await park();
    }
  } else {
    prepared_.emplace();
  }

  const shared_connection fresh = inner_;
  if (closing_ || !fresh->state().is_open()) {
    const close_info how = co_await fresh->closed();
    lost(how, fresh->state().failure());
  } else if (!prepared_) {
    fresh->abort();
    failed(error(errc::timed_out, "setting up the connection took longer than " +
                                      std::to_string(options_.connecting().time_limit().count()) + " ms"));
  } else if (!*prepared_) {
    fresh->close();
    if (ends_for_good(prepared_->error())) machine_.close();
    failed(prepared_->error());
  } else {
    machine_.prepared(home().now());
    report();
    last_close_.reset();
    last_error_.reset();
    begin_to_send_kept();
    retry_senders();
  }
}

task<void> reconnecting_state::ask_first(self, shared_connection fresh) {
  result<void> done = co_await options_.prepare()(*fresh);
  if (inner_ != fresh) co_return;
  prepared_.emplace(std::move(done));
  wake();
}

task<void> reconnecting_state::notice_end(self, shared_connection fresh) {
  co_await fresh->closed();
  if (inner_ == fresh) wake();
}

task<void> reconnecting_state::receive() {
  const shared_connection from = inner_;
  while (auto received = co_await from->receive()) {
    // A close must not wait for a receiver that never comes.
    if (closing_ && inbox_.full()) continue;
    inbox_.push(std::move(*received));
    deliver();
    while (inbox_.full() && !inbox_.empty() && !closing_) {
      reading_paused_ = true;
      co_await park();
    }
    reading_paused_ = false;
  }
  const close_info how = co_await from->closed();
  lost(how, from->state().failure());
}

void reconnecting_state::failed(error why) {
  inner_.reset();
  if (machine_.now_in() != reconnect_phase::closed) machine_.failed(why, chance_(), home().now());
  last_error_ = std::move(why);
  if (machine_.now_in() != reconnect_phase::closed) report();
}

void reconnecting_state::lost(const close_info& how, error why) {
  const auto done = inner_->counters();
  past_.messages_received += done.messages_received;
  past_.messages_sent += done.messages_sent;
  past_.bytes_received += done.bytes_received;
  past_.bytes_sent += done.bytes_sent;
  inner_.reset();
  last_close_ = how;
  last_error_ = std::move(why);
  if (closing_) {
    machine_.close();
  } else {
    machine_.lost(how, chance_(), home().now());
  }
  if (machine_.now_in() != reconnect_phase::closed) report();
}

void reconnecting_state::finish() {
  if (armed()) timer::unlink();
  cancellable::unsubscribe();
  const bool unconnected = closing_ && !last_close_;
  info_ = last_close_ ? *last_close_ : closing_ ? asked_ : close_info();
  if (unconnected) last_error_.reset();
  unsent_.drop_all();
  finished_ = true;
  report();
  release_waiters();
}

error reconnecting_state::failure() const {
  // After close() the error is errc::closed, not the reason why there was no connection before.
  if (last_error_ && (finished_ || !closing_)) return *last_error_;
  error why(errc::closed, describe(finished_ ? info_ : asked_));
  if (finished_) why.close(info_);
  return why;
}

// The task continues at the end of this turn, once, however often wake() is called.
void reconnecting_state::wake() {
  if (parked_) home().resume(*std::exchange(parked_, nullptr));
}

void reconnecting_state::wake_at(time_point when) {
  if (when != time_point::max()) {
    home().arm(*this, when);
  } else if (armed()) {
    timer::unlink();
  }
}

void reconnecting_state::on_time(time_point) { wake(); }

reconnect_status reconnecting_state::status() const {
  reconnect_status now;
  now.phase = finished_ ? reconnect_phase::closed : machine_.now_in();
  now.failures = machine_.failures();
  if (machine_.due() != time_point::max())
    now.delay = std::chrono::ceil<std::chrono::milliseconds>(std::max(time_point::duration(0), machine_.due() - home().now()));
  else if (now.phase == reconnect_phase::waiting)
    now.delay = std::chrono::milliseconds::max();  // It does not reconnect by itself.
  now.close = last_close_;
  now.why = last_error_;
  now.dropped = {unsent_.dropped() - told_dropped_, unsent_.dropped_bytes() - told_dropped_bytes_};
  return now;
}

void reconnecting_state::report() {
  if (changes_.size() == most_changes) changes_.pop_front();
  changes_.push_back(status());
  if (changes_.back().phase == reconnect_phase::open) {
    told_dropped_ = unsent_.dropped();
    told_dropped_bytes_ = unsent_.dropped_bytes();
  }
  tell_log();
  tell_watchers();
}

void reconnecting_state::tell_log() const {
  const log_hook& log = options_.connecting().log();
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
  machine_.retry(home().now());
  if (machine_.now_in() == reconnect_phase::connecting) wake();
}

void reconnecting_state::set_online(bool on) {
  const reconnect_phase before = machine_.now_in();
  const time_point due = machine_.due();
  machine_.set_online(on, home().now());
  if (on && inner_) inner_->state().probe(true);
  apply(before, due);
}

void reconnecting_state::changed(surroundings now) {
  const reconnect_phase before = machine_.now_in();
  const time_point due = machine_.due();
  machine_.set_active(now.active, home().now());
  machine_.set_visible(now.visible, home().now());
  machine_.set_online(now.online, home().now());
  if (now.resumed && inner_) inner_->state().probe(true);
  apply(before, due);
}

// The next attempt may be due now, or at a different time than before.
void reconnecting_state::apply(reconnect_phase before, time_point due) {
  if (machine_.now_in() == before && machine_.due() == due) return;
  if (machine_.now_in() == reconnect_phase::waiting || machine_.now_in() == reconnect_phase::paused) report();
  wake();
}

bool reconnecting_state::next(message& out) {
  if (inbox_.empty()) return false;
  out = inbox_.pop();
  if (reading_paused_ && !inbox_.full()) wake();
  return true;
}

void reconnecting_state::begin_close(close_code code, std::string reason) {
  if (finished_ || closing_) return;
  if (up()) hand_over_kept();
  closing_ = true;
  asked_ = {code, reason, false, close_initiator::local};
  if (inner_) {
    inner_->close(code, reason);
  } else {
    machine_.close();
    last_close_.reset();
  }
  if (attempt_) attempt_->stop.cancel();
  wake();
}

void reconnecting_state::cut() {
  if (finished_) return;
  if (!std::exchange(closing_, true)) {
    asked_ = {close_code::abnormal, {}, false, close_initiator::local};
    if (!inner_) {
      machine_.close();
      last_close_.reset();
    }
  }
  if (inner_) inner_->abort();
  if (attempt_) attempt_->stop.cancel();
  wake();
}

// The loop destroys the suspended tasks above.
void reconnecting_state::lose_loop() {
  if (finished_) return;
  if (armed()) timer::unlink();
  cancellable::unsubscribe();
  if (surroundings_listener::is_linked()) surroundings_listener::unlink();
  closing_ = true;
  finished_ = true;
  inner_.reset();
  unsent_.drop_all();
  info_ = close_info();
  last_error_ = error(errc::closed, "the connection's event loop has ended");
}

counters reconnecting_state::counted() const noexcept {
  twinsocket::counters all = past_;
  if (inner_) {
    const twinsocket::counters now = inner_->counters();
    all.messages_received += now.messages_received;
    all.messages_sent += now.messages_sent;
    all.bytes_received += now.bytes_received;
    all.bytes_sent += now.bytes_sent;
  }
  all.dropped = unsent_.dropped();
  return all;
}

std::string reconnecting_state::local_address() const { return inner_ ? inner_->local_address() : std::string(); }
std::string reconnecting_state::remote_address() const { return inner_ ? inner_->remote_address() : std::string(); }

}  // namespace twinsocket::detail
