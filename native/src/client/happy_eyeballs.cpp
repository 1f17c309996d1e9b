#include "client/happy_eyeballs.hpp"

#include <boost/asio/error.hpp>
#include <chrono>
#include <optional>
#include <utility>

#include "client/one_shot_event.hpp"
#include "transport/event_loop.hpp"

namespace twinsocket::detail {

namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using endpoints = std::vector<asio::ip::tcp::endpoint>;

// RFC 8305 section 8: the recommended Connection Attempt Delay.
constexpr auto connection_attempt_delay = 250ms;

class connection_attempts final : public timer, public std::enable_shared_from_this<connection_attempts> {
 public:
  connection_attempts(event_loop& own_loop, endpoints addresses)
      : own_loop_(own_loop), addresses_(std::move(addresses)) {}

  void next() {
    if (timer::armed()) timer::unlink();
    if (sockets_.size() == addresses_.size()) return;
    const std::size_t number = sockets_.size();
    auto& socket = sockets_.emplace_back(std::make_unique<tcp_socket>(own_loop_.context().get_executor()));
    socket->async_connect(addresses_[number],
                          [self = shared_from_this(), number](const boost::system::error_code& failure) {
                            const loop::turn turn(self->own_loop_, std::chrono::steady_clock::now());
                            self->on_attempt_done(number, failure);
                          });
    if (sockets_.size() < addresses_.size()) own_loop_.arm(*this, own_loop_.now() + connection_attempt_delay);
  }

  void stop() {
    if (std::exchange(finished_, true)) return;
    if (timer::armed()) timer::unlink();
    boost::system::error_code ignored;
    for (const auto& socket : sockets_) socket->close(ignored);
    finished_event_.set();
  }

  [[nodiscard]] one_shot_event& finished() noexcept { return finished_event_; }
  [[nodiscard]] std::optional<stream_socket>& connected_socket() noexcept { return connected_socket_; }
  [[nodiscard]] boost::system::error_code first_failure() const noexcept { return first_failure_; }
  /// The error of each attempt, if there was more than one address.
  [[nodiscard]] const std::string& attempt_errors() const noexcept { return attempt_errors_; }

 private:
  void on_timer(time_point) override { next(); }

  void on_attempt_done(std::size_t number, const boost::system::error_code& failure) {
    if (finished_) return;
    if (!failure) {
      connected_socket_.emplace(std::move(*sockets_[number]));
      return stop();
    }
    if (!first_failure_) first_failure_ = failure;
    if (addresses_.size() > 1)
      attempt_errors_ += (attempt_errors_.empty() ? "" : "; ") + text_of(addresses_[number]) + ": " + failure.message();
    if (++failed_ == addresses_.size()) return stop();
    if (number + 1 == sockets_.size()) next();
  }

  event_loop& own_loop_;
  const endpoints addresses_;
  std::vector<std::unique_ptr<tcp_socket>> sockets_;
  std::size_t failed_ = 0;
  std::optional<stream_socket> connected_socket_;
  boost::system::error_code first_failure_;
  std::string attempt_errors_;
  bool finished_ = false;
  one_shot_event finished_event_;
};

}  // namespace

task<result<stream_socket>> happy_eyeballs_connect(endpoints addresses, std::string where,
                                                   connect_cancellation& cancellation) {
  const auto attempts = std::make_shared<connection_attempts>(event_loop::current(), std::move(addresses));
  attempts->next();
  cancellation.set_handler([attempts] { attempts->stop(); });
  one_shot_event& finished = attempts->finished();
  co_await finished;
  cancellation.clear_handler();
  if (attempts->connected_socket()) co_return std::move(*attempts->connected_socket());
  if (cancellation.requested()) co_return cancellation.error_or("connecting to " + where, {});
  if (attempts->attempt_errors().empty()) co_return error(errc::connect_failed, where, attempts->first_failure());
  co_return error(errc::connect_failed, where + ", " + attempts->attempt_errors());
}

}  // namespace twinsocket::detail
