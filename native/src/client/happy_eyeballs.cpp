#include "client/happy_eyeballs.hpp"

#include <boost/asio/error.hpp>
#include <chrono>
#include <optional>
#include <utility>

#include "loop_event.hpp"
#include "transport/event_loop.hpp"

namespace twinsocket::detail {

namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using endpoints = std::vector<asio::ip::tcp::endpoint>;

// RFC 8305 section 8: the recommended Connection Attempt Delay.
constexpr auto connection_attempt_delay = 250ms;

/// Shared with the handlers of the attempts, which may run after the awaiting coroutine is destroyed.
class connection_attempts : public std::enable_shared_from_this<connection_attempts> {
 public:
  connection_attempts(event_loop& own_loop, endpoints addresses)
      : own_loop_(own_loop), addresses_(std::move(addresses)) {}

  void start_next() {
    const std::size_t number = sockets_.size();
    auto& socket = sockets_.emplace_back(std::make_unique<tcp_socket>(own_loop_.context().get_executor()));
    socket->async_connect(addresses_[number],
                          [self = shared_from_this(), number](const boost::system::error_code& failure) {
                            const loop::turn turn(self->own_loop_, std::chrono::steady_clock::now());
                            self->on_attempt_done(number, failure);
                          });
  }
  void close() {
    boost::system::error_code ignored;
    for (const auto& socket : sockets_) socket->close(ignored);
  }

  [[nodiscard]] bool all_started() const noexcept { return sockets_.size() == addresses_.size(); }
  [[nodiscard]] bool finished() const noexcept { return connected_socket_ || failed_ == addresses_.size(); }
  /// The attempts have finished, or the next one may start.
  [[nodiscard]] loop_event& progress() noexcept { return progress_; }
  [[nodiscard]] std::optional<stream_socket>& connected_socket() noexcept { return connected_socket_; }
  [[nodiscard]] boost::system::error_code first_failure() const noexcept { return first_failure_; }
  /// The error of each attempt, if there was more than one address.
  [[nodiscard]] const std::string& attempt_errors() const noexcept { return attempt_errors_; }

 private:
  void on_attempt_done(std::size_t number, const boost::system::error_code& failure) {
    if (!failure) {
      connected_socket_.emplace(std::move(*sockets_[number]));
      return progress_.notify();
    }
    if (!first_failure_) first_failure_ = failure;
    if (addresses_.size() > 1)
      attempt_errors_ += (attempt_errors_.empty() ? "" : "; ") + text_of(addresses_[number]) + ": " + failure.message();
    if (++failed_ == addresses_.size() || number + 1 == sockets_.size()) progress_.notify();
  }

  event_loop& own_loop_;
  const endpoints addresses_;
  std::vector<std::unique_ptr<tcp_socket>> sockets_;
  std::size_t failed_ = 0;
  std::optional<stream_socket> connected_socket_;
  boost::system::error_code first_failure_;
  std::string attempt_errors_;
  loop_event progress_;
};

}  // namespace

task<result<stream_socket>> happy_eyeballs_connect(endpoints addresses, std::string where,
                                                   connect_cancellation& cancellation) {
  const auto attempts = std::make_shared<connection_attempts>(event_loop::current(), std::move(addresses));
  while (!attempts->finished() && !cancellation.requested()) {
    if (!attempts->all_started()) attempts->start_next();
    const time_point next = add_saturating(event_loop::current().now(), connection_attempt_delay);
    co_await cancellation.wait(attempts->progress(), attempts->all_started() ? time_point::max() : next);
  }
  attempts->close();
  if (attempts->connected_socket()) co_return std::move(*attempts->connected_socket());
  if (cancellation.requested()) co_return cancellation.error_or("connecting to " + where, {});
  if (attempts->attempt_errors().empty()) co_return error(errc::connect_failed, where, attempts->first_failure());
  co_return error(errc::connect_failed, where + ", " + attempts->attempt_errors());
}

}  // namespace twinsocket::detail
