#include "channels/redis_connection.hpp"

#include <algorithm>
#include <random>
#include <utility>

#include "channels/redis_run_id.hpp"
#include "channels/redis_script.hpp"
#include "client/open_transport.hpp"
#include "session/backoff.hpp"

namespace twinsocket::detail {

namespace {

double random_jitter() {
  static thread_local std::minstd_rand generator(std::random_device{}());
  return std::uniform_real_distribution<double>(0, 1)(generator);
}

redis_command command(std::initializer_list<std::string_view> arguments) {
  return {.text = redis_command_text(arguments)};
}

std::string describe_server(const redis_settings& settings) {
  const std::string& path = settings.options.unix_socket;
  return "the Redis server at " + (path.empty() ? settings.url.address.authority() : path);
}

}  // namespace

redis_connection::redis_connection(std::shared_ptr<const redis_settings> settings, redis_connection_hooks hooks)
    : settings_(std::move(settings)),
      where_(describe_server(*settings_)),
      hooks_(std::move(hooks)),
      run_(run_argument(any_run_id, false)) {}

redis_connection::~redis_connection() {
  if (session_) session_->close();
}

void redis_connection::start() {
  if (std::exchange(started_, true)) return;
  spawn(run(shared_from_this()));
}

void redis_connection::drain() {
  draining_ = true;
  if (ready_) {
    session_->update_reading();
    return rearm();
  }
  cancel_connect_.cancel();
  const error why(errc::closed, "the event loop of the broker ends");
  lose(why);
  fail_all(waiting_, why);
  rearm();
  state_changed_.notify();
}

void redis_connection::stop() {
  stopped_ = true;
  hooks_ = {};
  cancel_connect_.cancel();
  const error why(errc::closed, "the broker was destroyed, or its event loop has ended");
  lose(why);
  fail_all(waiting_, why);
  rearm();
  state_changed_.notify();
}

result<std::shared_ptr<redis_request>> redis_connection::send(redis_command command) {
  if (stopped_ || (draining_ && !ready_)) return error(errc::closed, "the event loop of the broker ends");
  if (sent_.size() + waiting_.size() >= settings_->options.max_pending)
    return error(errc::queue_full, "the limit is " + std::to_string(settings_->options.max_pending) + " commands");
  if (ready_) return transmit(std::move(command));
  auto request = std::make_shared<redis_request>();
  request->command = std::move(command.text);
  request->has_run_id = command.has_run_id;
  request->replies = command.replies;
  request->deadline = add_saturating(loop::current()->now(), settings_->options.response_timeout);
  waiting_.push_back(request);
  arm();
  return request;
}

void redis_connection::post(std::string_view text) {
  if (ready_) session_->send(text);
}

void redis_connection::give_back() {
  for (const auto& request : waiting_) request->given_back = true;
  fail_all(waiting_, {errc::closed, where_ + " does not have the slot any more"});
}

std::shared_ptr<redis_request> redis_connection::transmit(redis_command command) {
  auto request = std::make_shared<redis_request>();
  request->replies = command.replies;
  request->deadline = add_saturating(loop::current()->now(), settings_->options.response_timeout);
  sent_.push_back(request);
  if (command.has_run_id) set_run(command.text, run_);
  session_->send(command.text);
  if (draining_) session_->update_reading();
  arm();
  return request;
}

// Their deadlines are those of the calls.
void redis_connection::send_waiting() {
  for (auto& request : std::exchange(waiting_, {})) {
    if (request->has_run_id) set_run(request->command, run_);
    session_->send(request->command);
    request->command.clear();
    sent_.push_back(std::move(request));
  }
}

task<void> redis_connection::run(std::shared_ptr<redis_connection> self) {
  const redis_broker_options& options = self->settings_->options;
  backoff delays(options.initial_delay, 2, options.max_delay);
  while (!self->stopped_ && !self->draining_) {
    const time_point began = loop::current()->now();
    const error why = co_await self->serve();
    if (self->stopped_ || self->draining_) break;
    self->set_error(why);
    const time_point now = loop::current()->now();
    if (now >= add_saturating(began, options.max_delay)) delays.reset();
    const time_point next = add_saturating(now, delays.next(random_jitter()));
    while (!self->stopped_ && !self->draining_ && loop::current()->now() < next)
      static_cast<void>(co_await self->state_changed_.wait_until(next));
  }
}

/// Returns why the connection is lost or cannot be opened.
task<error> redis_connection::serve() {
  auto opened = co_await open();
  if (!opened) co_return opened.error();
  if (stopped_ || draining_) co_return error(errc::closed);
  redis_session_listener& listener = *this;
  session_ = std::make_shared<redis_session>(std::move(*opened), listener);
  session_->start();
  last_received_ = loop::current()->now();
  const auto prepared = co_await prepare();
  if (!prepared) {
    lose(prepared.error());
  } else if (session_) {
    ready_ = true;
    set_error(errc::ok);
    send_waiting();
    rearm();
    log(log_level::info, "redis connected", where_);
    if (hooks_.on_ready) hooks_.on_ready();
  }
  while (session_) co_await state_changed_.wait();
  co_return lost_because_;
}

task<result<std::unique_ptr<http_stream>>> redis_connection::open() {
  const redis_broker_options& options = settings_->options;
  client_options how;
  how.common().timeout(options.connect_timeout).cancel_on(cancel_connect_.token());
  how.no_proxy().tls(options.tls).unix_socket(options.unix_socket);
  connect_cancellation cancellation(*loop::current(), how.common());
  co_return co_await open_transport(settings_->url.address, how, cancellation);
}

task<result<void>> redis_connection::prepare() {
  auto prepared = co_await log_in();
  if (prepared) prepared = co_await find_run();
  if (prepared && in_cluster_) prepared = co_await find_slots();
  if (!prepared || !hooks_.first_commands) co_return prepared;
  std::vector<std::shared_ptr<redis_request>> pending;
  if (session_)
    for (redis_command& one : hooks_.first_commands()) pending.push_back(transmit(std::move(one)));
  for (const auto& request : pending) {
    co_await request->answered.wait();
    if (!*request->answer) co_return request->answer->error();
    if (const auto refused = (*request->answer)->value().error_text())
      co_return error(errc::closed, where_ + " refuses a subscription: " + redis_error_text(*refused));
  }
  co_return result<void>();
}

// All commands are sent at once. An error of the first one may contain its arguments, and then the password.
task<result<void>> redis_connection::log_in() {
  const redis_url& url = settings_->url;
  std::vector<std::pair<std::string, std::shared_ptr<redis_request>>> pending;
  if (!url.password.empty())
    pending.emplace_back(
        "the user or the password",
        transmit(url.user.empty() ? command({"AUTH", url.password}) : command({"AUTH", url.user, url.password})));
  const std::string database = std::to_string(url.database);
  if (url.database != 0) pending.emplace_back("database " + database, transmit(command({"SELECT", database})));
  pending.emplace_back("commands", transmit(command({"PING"})));
  for (const auto& [what, request] : pending) {
    co_await request->answered.wait();
    if (!*request->answer) co_return request->answer->error();
    const redis_value reply = (*request->answer)->value();
    if (const auto refused = reply.error_text())
      co_return error(errc::closed,
                      where_ + " refuses " + what + ": " +
                          (request == pending.front().second && !url.password.empty() ? redis_error_code(*refused)
                                                                                      : redis_error_text(*refused)));
    // A connection without subscriptions answers PING with a status.
    if (reply.text() != (request == pending.back().second ? "PONG" : "OK"))
      co_return error(errc::malformed, where_ + " does not answer as Redis does");
  }
  co_return result<void>();
}

task<result<void>> redis_connection::find_run() {
  if (!session_) co_return lost_because_;
  const auto request = transmit(command({"INFO", "server"}));
  co_await request->answered.wait();
  if (!*request->answer) co_return request->answer->error();
  const redis_value reply = (*request->answer)->value();
  const std::string_view info = reply.text().value_or("");
  const auto id = settings_->options.restarts_keep_data ? std::optional(any_run_id) : find_run_id(info);
  if (!id)
    co_return error(errc::closed, where_ +
                                      " does not tell its run_id in INFO, which shows that it was started again: " +
                                      redis_error_text(reply.error_text().value_or("")) +
                                      ". Where restarts keep all data, set restarts_keep_data");
  in_cluster_ = is_redis_cluster(info);
  run_ = run_argument(*id, in_cluster_);
  co_return result<void>();
}

task<result<void>> redis_connection::find_slots() {
  if (!session_) co_return lost_because_;
  if (!hooks_.on_slots) co_return result<void>();
  const auto request = transmit(command({"CLUSTER", "SLOTS"}));
  co_await request->answered.wait();
  if (!*request->answer) co_return request->answer->error();
  const redis_value reply = (*request->answer)->value();
  if (const auto refused = reply.error_text())
    co_return error(errc::closed, where_ + " does not tell the slots of its cluster: " + redis_error_text(*refused));
  if (!hooks_.on_slots) co_return lost_because_;
  co_return hooks_.on_slots(reply);
}

void redis_connection::on_reply(redis_reply reply) {
  last_received_ = loop::current()->now();
  if (hooks_.on_push && hooks_.on_push(reply.value())) return;
  const auto refused = reply.value().error_text();
  if (sent_.empty())
    return lose(refused ? error(errc::closed, where_ + " closes the connection: " + redis_error_text(*refused))
                        : error(errc::malformed, where_ + " sends an answer to no command"));
  const auto request = sent_.front();
  if (!refused && --request->replies > 0) return;
  sent_.pop_front();
  finish(request, std::move(reply));
  if (draining_ && sent_.empty()) {
    session_->update_reading();
    rearm();
  }
}

void redis_connection::on_lost(error why) { lose(std::move(why)); }

void redis_connection::on_timer(time_point now) {
  while (!waiting_.empty() && waiting_.front()->deadline <= now) {
    const auto request = std::move(waiting_.front());
    waiting_.pop_front();
    finish(request, unreachable());
  }
  if (!sent_.empty() && sent_.front()->deadline <= now) {
    const auto limit = std::to_string(settings_->options.response_timeout.count());
    lose({errc::timed_out, where_ + " does not answer, the limit is " + limit + " ms"});
  } else if (ready_ && !draining_ && sent_.empty() &&
             add_saturating(last_received_, settings_->options.ping_interval) <= now) {
    static_cast<void>(transmit(command({"PING"})));
  }
  rearm();
}

time_point redis_connection::due() const noexcept {
  time_point when = time_point::max();
  if (!waiting_.empty()) when = waiting_.front()->deadline;
  if (!sent_.empty()) when = std::min(when, sent_.front()->deadline);
  if (ready_ && !draining_ && sent_.empty())
    when = std::min(when, add_saturating(last_received_, settings_->options.ping_interval));
  return when;
}

// A timer that is early finds nothing to do and is armed again: so a command costs none.
void redis_connection::arm() {
  if (!armed() || expiry() > due()) rearm();
}

void redis_connection::rearm() {
  const time_point when = stopped_ ? time_point::max() : due();
  if (when != time_point::max()) {
    loop::current()->arm(*this, when);
  } else if (armed()) {
    unlink();
  }
}

void redis_connection::lose(error why) {
  if (!session_) return;
  lost_because_ = why;
  std::exchange(session_, nullptr)->close();
  ready_ = false;
  const errc code = why == errc::timed_out ? errc::timed_out : errc::closed;
  fail_all(sent_, {code, why.message() + "; the command may have been executed"});
  set_error(std::move(why));
  state_changed_.notify();
}

void redis_connection::set_error(error why) {
  const bool same = last_error_.code() == why.code() && last_error_.detail() == why.detail();
  last_error_ = std::move(why);
  if (!same && !(last_error_ == errc::ok)) log(log_level::warning, "redis lost", last_error_.message());
  if (hooks_.on_change) hooks_.on_change();
}

void redis_connection::log(log_level level, std::string_view event, std::string_view detail) const {
  if (const log_hook& to = settings_->options.log; to && !stopped_)
    to({.level = level, .event = event, .detail = detail, .remote_address = {}, .target = {}});
}

error redis_connection::unreachable() const {
  const std::string limit = "; the limit is " + std::to_string(settings_->options.response_timeout.count()) + " ms";
  if (last_error_ == errc::ok) return {errc::timed_out, "connecting to " + where_ + limit};
  const errc code = last_error_ == errc::timed_out ? errc::timed_out : errc::closed;
  return {code, "no connection to " + where_ + limit + ": " + last_error_.message()};
}

void redis_connection::finish(const std::shared_ptr<redis_request>& request, result<redis_reply> answer) {
  request->answer.emplace(std::move(answer));
  request->answered.set();
}

void redis_connection::fail_all(request_queue& requests, const error& why) {
  for (const auto& request : std::exchange(requests, {})) finish(request, why);
}

}  // namespace twinsocket::detail
