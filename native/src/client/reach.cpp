#include "client/reach.hpp"

#include <boost/asio/error.hpp>
#include <chrono>
#include <optional>
#include <utility>

#include "client/latch.hpp"
#include "transport/event_loop.hpp"

namespace twinsocket::detail {

namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using endpoints = std::vector<asio::ip::tcp::endpoint>;

// RFC 8305 section 8: the recommended Connection Attempt Delay.
constexpr auto head_start = 250ms;

std::string text_of(const asio::ip::tcp::endpoint& endpoint) {
  const std::string address = endpoint.address().to_string();
  return (endpoint.address().is_v6() ? "[" + address + "]" : address) + ":" + std::to_string(endpoint.port());
}

class race final : public timer, public std::enable_shared_from_this<race> {
 public:
  race(event_loop& home, endpoints addresses) : home_(home), addresses_(std::move(addresses)) {}

  void next() {
    if (timer::armed()) timer::unlink();
    if (sockets_.size() == addresses_.size()) return;
    const std::size_t number = sockets_.size();
    auto& socket = sockets_.emplace_back(std::make_unique<tcp_socket>(home_.context().get_executor()));
    socket->async_connect(addresses_[number], [self = shared_from_this(), number](const boost::system::error_code& failure) {
      const loop::turn turn(self->home_, std::chrono::steady_clock::now());
      self->arrived(number, failure);
    });
    if (sockets_.size() < addresses_.size()) home_.arm(*this, home_.now() + head_start);
  }

  void stop() {
    if (std::exchange(over_, true)) return;
    if (timer::armed()) timer::unlink();
    boost::system::error_code ignored;
    for (const auto& socket : sockets_) socket->close(ignored);
    over_latch_.open();
  }

  [[nodiscard]] latch& over() noexcept { return over_latch_; }
  [[nodiscard]] std::optional<stream_socket>& winner() noexcept { return winner_; }
  [[nodiscard]] boost::system::error_code first_failure() const noexcept { return first_failure_; }
  /// The error of each attempt, if there was more than one address.
  [[nodiscard]] const std::string& story() const noexcept { return story_; }

 private:
  void on_time(time_point) override { next(); }

  void arrived(std::size_t number, const boost::system::error_code& failure) {
    if (over_) return;
    if (!failure) {
      winner_.emplace(std::move(*sockets_[number]));
      return stop();
    }
    if (!first_failure_) first_failure_ = failure;
    if (addresses_.size() > 1)
      story_ += (story_.empty() ? "" : "; ") + text_of(addresses_[number]) + ": " + failure.message();
    if (++failed_ == addresses_.size()) return stop();
    if (number + 1 == sockets_.size()) next();
  }

  event_loop& home_;
  const endpoints addresses_;
  std::vector<std::unique_ptr<tcp_socket>> sockets_;
  std::size_t failed_ = 0;
  std::optional<stream_socket> winner_;
  boost::system::error_code first_failure_;
  std::string story_;
  bool over_ = false;
  latch over_latch_;
};

}  // namespace

task<result<stream_socket>> reach(endpoints addresses, std::string where, interruption& limit) {
  const auto running = std::make_shared<race>(event_loop::current(), std::move(addresses));
  running->next();
  limit.ends([running] { running->stop(); });
  latch& over = running->over();
  co_await over;
  limit.rest();
  if (running->winner()) co_return std::move(*running->winner());
  if (limit.happened()) co_return limit.or_else("connecting to " + where, {});
  if (running->story().empty()) co_return error(errc::connect_failed, where, running->first_failure());
  co_return error(errc::connect_failed, where + ", " + running->story());
}

}  // namespace twinsocket::detail
