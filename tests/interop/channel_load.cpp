// Many clients of channels that count what they get: channel_load URL CLIENTS CHANNELS CHANNELS_OF_A_CLIENT
// PUBLICATIONS_PER_SECOND KEEPALIVE_IN_MS LIMIT_IN_S. Each line of its output is JSON: the state, whenever it has changed. After
// the line "finish" of the input it publishes no more, waits until every client has everything, and prints the totals. It ends
// after the limit in any case.

#include <unistd.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "channel_record.hpp"
#include "twinsocket/async_event.hpp"
#include "twinsocket/channel_client.hpp"
#include "twinsocket/json.hpp"
#include "twinsocket/native/asio.hpp"
#include "twinsocket/with_timeout.hpp"

namespace channel_load {
namespace {

namespace asio = boost::asio;
using twinsocket::task;
using namespace std::chrono_literals;

constexpr int end_mark = -1;  // The publisher of the last message of a channel.

struct settings {
  std::string url;
  int clients;
  int channels;
  int channels_of_client;
  int rate;
  std::chrono::milliseconds keepalive;
  std::chrono::seconds limit;
};

/// What the program prints while it runs.
struct progress {
  int subscribed = 0;  ///< Subscriptions that have been made.
  int connected = 0;   ///< Clients whose last attempt to connect has succeeded.
  long connects = 0;
  long acknowledged = 0;
  long repeated = 0;  ///< Attempts to publish that have failed.
  long gaps = 0;
};
BOOST_DESCRIBE_STRUCT(progress, (), (subscribed, connected, connects, acknowledged, repeated, gaps))

struct result_line {
  totals result;
};
BOOST_DESCRIBE_STRUCT(result_line, (), (result))

template <class T>
void print(const T& what) {
  const auto encoded = twinsocket::json.encode(what);
  std::cout << encoded->text() << '\n' << std::flush;
}

std::string text_of(numbered what) { return std::to_string(what.publisher) + " " + std::to_string(what.number); }

std::optional<numbered> parse(const twinsocket::channel_protocol::publication& from) {
  numbered what;
  if (!from.text || std::sscanf(from.text->c_str(), "%d %ld", &what.publisher, &what.number) != 2) return std::nullopt;
  return what;
}

/// What all clients share.
struct shared_state {
  explicit shared_state(settings values) : how(std::move(values)), channels(static_cast<std::size_t>(how.channels)) {}

  const settings how;
  progress now;
  totals total;
  std::vector<channel_record> channels;
  bool publishing = true;
  int publishers = 0;
  int receiving = 0;
  twinsocket::async_event all_subscribed;
  twinsocket::async_event stop_publishing;
  twinsocket::async_event all_published;
  twinsocket::async_event all_received;
};

class client {
 public:
  client(int number, shared_state& all) : number_(number), all_(all), socket_(all.how.url, options()) {}

  void start() {
    for (int i = 0; i < all_.how.channels_of_client; ++i) {
      const int channel = (number_ + i * stride()) % all_.how.channels;
      ++all_.receiving;
      twinsocket::spawn(receive(channel, all_.channels[static_cast<std::size_t>(channel)].add_subscription()));
    }
    ++all_.publishers;
    twinsocket::spawn(publish_all());
  }

  /// Publishes the last message of the channel, which the client has subscribed to.
  task<void> finish(int channel) {
    for (long attempt = 0;; ++attempt) {
      auto call = socket_.publish(name(channel), text_of({end_mark, attempt}));
      const auto made = co_await std::move(call);
      if (made) co_return;
    }
  }

 private:
  // Spreads the channels of a client over all of them.
  [[nodiscard]] int stride() const { return std::max(1, all_.how.channels / all_.how.channels_of_client); }
  static std::string name(int channel) { return "chat:room" + std::to_string(channel); }

  twinsocket::channel_client_options options() {
    const auto keepalive = twinsocket::keepalive().interval(all_.how.keepalive).timeout(all_.how.keepalive);
    twinsocket::reconnect_options how(
        twinsocket::connect_options().timeout(2 * all_.how.keepalive).keepalive(keepalive));
    how.policy(twinsocket::reconnect_policy().max_delay(2 * all_.how.keepalive));
    how.dialer(
        [this](std::string url, twinsocket::connect_options each) { return dial(std::move(url), std::move(each)); });
    return twinsocket::channel_client_options()
        .token([name = "load" + std::to_string(number_)]() -> task<twinsocket::result<std::string>> { co_return name; })
        .queue(10'000)
        .reconnect(std::move(how));
  }

  task<twinsocket::result<twinsocket::connection>> dial(std::string url, twinsocket::connect_options each) {
    set_connected(false);
    auto opening = twinsocket::connect(std::move(url), std::move(each));
    auto opened = co_await std::move(opening);
    if (opened) {
      ++all_.now.connects;
      set_connected(true);
    }
    co_return opened;
  }
  void set_connected(bool is) {
    if (connected_ == is) return;
    connected_ = is;
    all_.now.connected += is ? 1 : -1;
    print(all_.now);
  }

  task<void> receive(int channel, received_events& into) {
    twinsocket::channel_subscription subscribed = socket_.subscribe(name(channel));
    twinsocket::spawn(wait_until_subscribed(channel));
    while (!into.ended) {
      auto waiting = subscribed.next();
      const auto event = co_await std::move(waiting);
      if (!event) break;
      if (const auto* const gap = std::get_if<twinsocket::channel_gap>(&*event)) {
        count(gap->why);
        into.entries.push_back({});
      } else if (const auto* const one = std::get_if<twinsocket::channel_protocol::publication>(&*event)) {
        const auto what = parse(*one);
        if (what && what->publisher == end_mark) {
          into.ended = true;
        } else {
          into.entries.push_back({what.value_or(numbered()), one->offset});
        }
      }
    }
    if (--all_.receiving == 0) all_.all_received.set();
  }
  void count(twinsocket::channel_gap::cause why) {
    using cause = twinsocket::channel_gap::cause;
    ++(why == cause::epoch_changed ? all_.total.gaps_epoch_changed
       : why == cause::trimmed     ? all_.total.gaps_trimmed
                                   : all_.total.gaps_no_history);
    ++all_.now.gaps;
    print(all_.now);
  }

  // History is answered to subscribers only, and after the subscription.
  task<void> wait_until_subscribed(int channel) {
    for (;;) {
      auto asking = socket_.history(name(channel), 1);
      const auto known = co_await std::move(asking);
      if (known) break;
    }
    ++all_.now.subscribed;
    if (all_.now.subscribed % 10 == 0) print(all_.now);
    if (all_.now.subscribed == all_.how.clients * all_.how.channels_of_client) {
      print(all_.now);
      all_.all_subscribed.set();
    }
  }

  task<void> publish_all() {
    co_await all_.all_subscribed.wait();
    const auto interval = std::chrono::microseconds(1'000'000LL * all_.how.clients / all_.how.rate);
    // Each at its own time.
    auto pause = interval * number_ / all_.how.clients;
    for (long i = 1; all_.publishing; ++i) {
      auto stopping = twinsocket::with_timeout(all_.stop_publishing.wait(), pause);
      const auto stopped = co_await std::move(stopping);
      if (stopped) break;
      const auto started = std::chrono::steady_clock::now();
      const int channel = (number_ + static_cast<int>(i % all_.how.channels_of_client) * stride()) % all_.how.channels;
      co_await publish({number_, i}, channel);
      const auto took =
          std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - started);
      pause = std::max(interval - took, std::chrono::microseconds(0));
    }
    if (--all_.publishers == 0) all_.all_published.set();
  }
  // Until it is acknowledged, with the same key.
  task<void> publish(numbered what, int channel) {
    for (;;) {
      auto call = socket_.publish(name(channel), text_of(what), text_of(what));
      const auto made = co_await std::move(call);
      if (made && *made) {
        all_.channels[static_cast<std::size_t>(channel)].acknowledge(what, **made);
        ++all_.now.acknowledged;
        print(all_.now);
        co_return;
      }
      const bool too_fast = !made && made.error() == twinsocket::errc::queue_full;
      const bool again = too_fast || (!made && made.error() == twinsocket::errc::timed_out);
      ++(again ? all_.now.repeated : all_.total.not_acknowledged);
      print(all_.now);
      if (!again) {
        std::cerr << (made ? "no position" : made.error().message()) << '\n';
        co_return;
      }
      if (too_fast) co_await twinsocket::sleep_for(500ms);
    }
  }

  const int number_;
  shared_state& all_;
  bool connected_ = false;
  twinsocket::channel_client socket_;
};

task<void> finish(shared_state& all, const std::vector<std::unique_ptr<client>>& clients) {
  all.publishing = false;
  all.stop_publishing.set();
  co_await all.all_published.wait();
  // Client n has subscribed to channel n.
  for (int channel = 0; channel < all.how.channels; ++channel)
    co_await clients[static_cast<std::size_t>(channel)]->finish(channel);
  co_await all.all_received.wait();
}

[[noreturn]] void end(shared_state& all) {
  all.total.acknowledged = all.now.acknowledged;
  all.total.repeated = all.now.repeated;
  all.total.not_acknowledged += all.publishers;
  for (channel_record& one : all.channels) one.check(all.total);
  print(result_line{all.total});
  std::_Exit(0);
}

task<void> end_after_limit(shared_state& all) {
  co_await twinsocket::sleep_for(all.how.limit);
  end(all);
}

task<void> run(asio::io_context& io, settings how) {
  shared_state all(std::move(how));
  std::vector<std::unique_ptr<client>> clients;
  for (int i = 0; i < all.how.clients; ++i) {
    clients.push_back(std::make_unique<client>(i, all));
    clients.back()->start();
  }
  twinsocket::spawn(end_after_limit(all));
  asio::posix::stream_descriptor input(io, ::dup(STDIN_FILENO));
  std::array<char, 100> line;
  const auto room = asio::buffer(line);
  const auto [failure, size] = co_await input.async_read_some(room, twinsocket::native::use_task);
  if (failure) std::_Exit(1);
  co_await finish(all, clients);
  end(all);
}

}  // namespace
}  // namespace channel_load

int main(int count, char** words) {
  if (count != 8) return 2;
  channel_load::settings how{words[1],
                             std::atoi(words[2]),
                             std::atoi(words[3]),
                             std::atoi(words[4]),
                             std::atoi(words[5]),
                             std::chrono::milliseconds(std::atoi(words[6])),
                             std::chrono::seconds(std::atoi(words[7]))};
  if (how.clients < how.channels || how.channels_of_client > how.channels || how.channels_of_client < 1) return 2;
  boost::asio::io_context io(1);
  twinsocket::native::spawn(io.get_executor(), channel_load::run(io, std::move(how)));
  io.run();
}
