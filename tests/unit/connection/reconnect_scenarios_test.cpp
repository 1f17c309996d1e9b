// Runs the scenarios of tests/vectors/reconnecting.txt on the C++ implementation. tests/npm/scenarios.test.mjs runs
// them on the TypeScript one.

#include <algorithm>
#include <map>
#include <sstream>

#include "test.hpp"
#include "connection/reconnecting_state.hpp"
#include "manual_loop.hpp"
#include "reconnect_scenarios.hpp"
#include "twinsocket/handshake_response.hpp"
#include "twinsocket/pair.hpp"
#include "twinsocket/reconnect.hpp"

namespace {

using namespace std::chrono_literals;
using namespace twinsocket;
using lines = std::vector<std::string>;

std::string_view name_of(errc code) {
  static const std::map<errc, std::string_view> names{{errc::closed, "closed"},
                                                      {errc::peer_timeout, "peer_timeout"},
                                                      {errc::timed_out, "timed_out"},
                                                      {errc::cancelled, "cancelled"},
                                                      {errc::invalid_argument, "invalid_argument"},
                                                      {errc::invalid_url, "invalid_url"},
                                                      {errc::connect_failed, "connect_failed"},
                                                      {errc::message_too_big, "message_too_big"},
                                                      {errc::queue_full, "queue_full"}};
  return names.at(code);
}

std::string text_of(const close_info& info) {
  static constexpr std::string_view initiators[] = {"none", "local", "remote"};
  std::string text = std::to_string(static_cast<int>(info.code)) + "/";
  text.append(initiators[static_cast<int>(info.initiator)]).append(info.clean ? "/clean" : "/unclean");
  if (!info.reason.empty()) text += " '" + info.reason + "'";
  return text;
}

std::string text_of(const reconnect_status& now) {
  std::string text = "status " + std::string(describe(now.phase)) + " failures=" + std::to_string(now.failures);
  if (now.delay != 0ms) text += " delay=" + std::to_string(now.delay.count());
  if (now.dropped.messages != 0)
    text += " dropped=" + std::to_string(now.dropped.messages) + "/" + std::to_string(now.dropped.bytes);
  if (now.error) text += " error=" + std::string(name_of(now.error->code()));
  if (now.close) text += " close=" + text_of(*now.close);
  return text;
}

send_options policy(const std::string& name, const std::string& key) {
  static const std::map<std::string, overflow_policy> policies{{"wait", overflow_policy::wait},
                                                               {"drop-newest", overflow_policy::drop_newest},
                                                               {"drop-oldest", overflow_policy::drop_oldest},
                                                               {"close", overflow_policy::close}};
  if (name == "latest-per-key") return send_options().key(key);
  return send_options().overflow_policy(policies.at(name.empty() ? "wait" : name));
}

double half() { return 0.5; }

/// One client, its server, and the recorded events of both.
class scenario {
 public:
  ~scenario() {
    if (socket_) act([](scenario& self) { self.socket_->abort(); });
    loop_.advance(1h);
    socket_.reset();
    loop_.advance(1h);
  }

  lines play(const std::string& command) {
    for (lines* told : {&statuses_, &results_, &seen_, &received_}) told->clear();
    std::istringstream words(command);
    std::string verb;
    words >> verb;
    std::string a, b, c;
    if (verb == "close" || verb == "server_closes") {
      words >> a >> std::ws;
      std::getline(words, b);
    } else {
      words >> a >> b >> c;
    }
    run(verb, a, b, c);
    loop_.settle();
    lines all;
    for (const lines* told : {&statuses_, &results_, &seen_, &received_})
      all.insert(all.end(), told->begin(), told->end());
    return all;
  }

 private:
  void run(const std::string& verb, const std::string& a, const std::string& b, const std::string& c) {
    if (verb == "with") return with(a, b);
    if (verb == "start") return start();
    if (verb == "accepts" || verb == "hangs" || verb == "refuses") {
      mode_ = verb;
      status_ = a.empty() ? 0 : std::stoi(a);
      return;
    }
    if (verb == "advance") return loop_.advance(std::chrono::milliseconds(std::stoll(a)));
    if (verb == "send") return loop_.run(send(*this, a, policy(b, c)));
    if (verb == "online" || verb == "offline") page_.online = verb == "online";
    if (verb == "visible" || verb == "hidden") page_.visible = verb == "visible";
    if (verb == "left" || verb == "shown") page_.active = verb == "shown";
    if (verb == "online" || verb == "offline" || verb == "visible" || verb == "hidden" || verb == "left" ||
        verb == "shown") {
      page_.resumed = verb == "online" || verb == "visible" || verb == "shown";
      return loop_.change(page_);
    }
    a_ = a, b_ = b, c_ = c, verb_ = verb;
    act([](scenario& self) { self.turn(); });
  }

  void with(const std::string& name, const std::string& value) {
    const auto time = [&] { return std::chrono::milliseconds(std::stoll(value)); };
    if (name == "offline_queue_bytes") options_.offline_queue_bytes(std::stoul(value));
    if (name == "send_queue_bytes") limits_.send_queue_bytes(std::stoul(value));
    if (name == "timeout") timeout_ = time();
    if (name == "max_attempts") policy_.max_attempts(static_cast<unsigned>(std::stoul(value)));
    if (name == "max_retry_after") policy_.max_retry_after(time());
    if (name == "reconnect_on") policy_.reconnect_on(static_cast<close_code>(std::stoi(value)));
    if (name == "stop_on") policy_.stop_on(static_cast<close_code>(std::stoi(value)));
    if (name == "url") url_ = value;
    if (name == "on_connected") on_connected_ = value;
  }

  void start() {
    options_ = reconnect_options(connect_options().limits(limits_).timeout(timeout_))
                   .policy(policy_)
                   .offline_queue_bytes(options_.offline_queue_bytes())
                   .dialer([this](std::string, connect_options with) { return dial(*this, std::move(with)); });
    if (!on_connected_.empty()) options_.on_connected([this](connection& fresh) { return on_connected(*this, fresh); });
    act([](scenario& self) {
      self.state_ =
          std::make_shared<detail::reconnecting_state>(*detail::loop::current(), self.url_, self.options_, half);
      self.state_->start();
      self.socket_.emplace(self.state_);
      spawn(follow(self));
      spawn(receive(self));
      spawn(closed(self));
    });
  }

  // Runs within an iteration of the event loop.
  void turn() {
    connection* const server = connections_.empty() ? nullptr : &connections_.back();
    if (verb_ == "cut") server->abort();
    if (verb_ == "server_sends") server->try_send(a_);
    if (verb_ == "server_closes") server->close(static_cast<close_code>(std::stoi(a_)), b_);
    if (verb_ == "close") socket_->close(static_cast<close_code>(std::stoi(a_)), b_);
    if (verb_ == "abort") socket_->abort();
    if (verb_ == "retry") state_->retry_now();
    if (verb_ == "try") {
      const send_result sent = socket_->try_send(a_, policy(b_, c_));
      results_.push_back(a_ + ": " + (sent ? text_of(sent) : "refused"));
    }
    if (verb_ == "counters") {
      const counters n = socket_->counters();
      std::ostringstream text;
      text << "received " << n.messages_received << "/" << n.bytes_received << ", sent " << n.messages_sent << "/"
           << n.bytes_sent << ", dropped " << n.dropped;
      results_.push_back(text.str());
    }
    if (verb_ == "buffered") results_.push_back(std::to_string(socket_->buffered_amount()));
  }

  void act(void (*what)(scenario&)) {
    loop_.run([](scenario& self, auto f) -> task<void> {
      f(self);
      co_return;
    }(*this, what));
  }

  static std::string text_of(const send_result& sent) {
    if (!sent) return std::string(name_of(sent.error().code()));
    return sent.status() == send_status::queued ? "queued" : "accepted";
  }
  using self = scenario&;
  static task<void> send(self it, std::string text, send_options how) {
    const send_result sent = co_await it.socket_->send(text, how);
    it.results_.push_back(text + ": " + text_of(sent));
  }
  static task<void> follow(self it) {
    for (;;) {
      detail::status_awaiter next(*it.state_);
      auto change = co_await next;
      if (!change) co_return;
      it.statuses_.push_back(::text_of(*change));
    }
  }
  static task<void> receive(self it) {
    for (;;) {
      auto received = co_await it.socket_->receive();
      if (received) {
        it.received_.push_back("received " + std::string(received->text()));
      } else {
        it.received_.push_back("receive: " + std::string(name_of(received.error().code())));
        co_return;
      }
    }
  }
  static task<void> closed(self it) {
    const close_info how = co_await it.socket_->closed();
    it.received_.push_back("closed " + ::text_of(how));
  }
  static task<void> serve(self it, std::size_t place) {
    connection& mine = it.connections_[place];
    for (;;) {
      auto received = co_await mine.receive();
      if (!received) break;
      it.seen_.push_back("server got " + std::string(received->text()));
    }
    const close_info how = co_await mine.closed();
    if (how.initiator == close_initiator::remote)
      it.seen_.push_back("server saw " + std::to_string(static_cast<int>(how.code)) +
                         (how.reason.empty() ? "" : " '" + how.reason + "'"));
  }
  static task<result<connection>> dial(self it, connect_options with) {
    it.seen_.emplace_back("server is called");
    if (it.mode_ == "hangs") {
      while (!with.cancellation().cancelled()) co_await sleep_for(1ms);
      co_return error(errc::cancelled);
    }
    if (it.mode_ == "refuses") {
      error why(errc::connect_failed);
      if (it.status_ != 0)
        why.response(
            std::make_shared<handshake_response>(it.status_, std::vector<handshake_response::header_field>(), ""));
      co_return why;
    }
    auto pair = make_connection_pair(pair_options().limits(with.limits()));
    it.connections_.push_back(std::move(pair.server));
    spawn(serve(it, it.connections_.size() - 1));
    co_return std::move(pair.client);
  }
  static task<result<void>> on_connected(self it, connection& fresh) {
    if (it.on_connected_ == "hangs") {
      const auto never = co_await fresh.receive();
      co_return never ? result<void>() : result<void>(never.error());
    }
    if (it.on_connected_ == "cancelled") co_return error(errc::cancelled);
    if (it.on_connected_ == "timed_out") co_return error(errc::timed_out);
    co_await fresh.send("token");
    const auto welcome = co_await fresh.receive();
    co_return welcome ? result<void>() : result<void>(welcome.error());
  }

  manual_loop loop_;
  detail::environment page_;
  reconnect_options options_;
  limits limits_;
  reconnect_policy policy_;
  std::chrono::milliseconds timeout_{30'000};
  std::string url_ = "ws://host/";
  std::string on_connected_;
  std::string mode_ = "accepts";
  int status_ = 0;
  std::deque<connection> connections_;
  std::shared_ptr<detail::reconnecting_state> state_;
  std::optional<connection> socket_;
  std::string verb_, a_, b_, c_;
  lines statuses_, results_, seen_, received_;
};

}  // namespace

TEST_CASE("reconnecting_connection passes the scenarios of reconnecting.txt") {
  std::istringstream file(reconnect_scenarios);
  std::string name;
  std::string expected;
  std::string told;
  std::optional<scenario> now;
  int count = 0;
  const auto compare = [&] {
    INFO(name);
    CHECK(told == expected);
  };
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("== ")) {
      compare();
      name = line.substr(3);
      expected.clear();
      told.clear();
      now.reset();
      now.emplace();
      ++count;
    } else if (line.starts_with("> ")) {
      expected += line + "\n";
      told += line + "\n";
      for (const std::string& one : now->play(line.substr(2))) told += "  " + one + "\n";
    } else if (line.starts_with("  ")) {
      expected += line + "\n";
    }
  }
  compare();
  now.reset();
  CHECK(count > 20);
}
