#pragma once

// The histories and the presence of channels, in memory. Knows no clock: every call is given the time.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "twinsocket/detail/timer.hpp"
#include "twinsocket/native/broker.hpp"

namespace twinsocket::detail {

class memory_store {
 public:
  /// `run` distinguishes this store from those of other processes: it is a part of each epoch.
  memory_store(const memory_broker_options& limits, std::string run) : limits_(limits), run_(std::move(run)) {}

  struct published {
    std::optional<broker_position> position;  ///< Empty if nothing is kept.
    bool repeated = false;                    ///< The key was known: there is nothing to deliver.
  };
  [[nodiscard]] published publish(std::string_view channel, std::string_view bytes,
                                  const broker_publish_options& options, time_point now);
  [[nodiscard]] broker_history history(std::string_view channel, std::uint64_t since, std::size_t limit,
                                       time_point now);

  /// A channel with subscribers keeps its epoch.
  void subscribe(std::string_view channel, time_point now);
  void unsubscribe(std::string_view channel, time_point now);

  /// False if there are too many channels.
  [[nodiscard]] bool add_presence(std::string_view channel, std::string_view client, std::string bytes,
                                  time_point until, time_point now);
  void remove_presence(std::string_view channel, std::string_view client, time_point now);
  [[nodiscard]] std::vector<broker_member> presence(std::string_view channel, time_point now);

  void remove(std::string_view channel);

  [[nodiscard]] std::size_t channels() const noexcept { return channels_.size(); }
  /// Bytes of all histories, presence and keys.
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

 private:
  /// Names of channels or of keys, by the time at which something of them may have ended. They go with what they name.
  using deadlines = std::multimap<time_point, std::string_view>;

  struct kept {
    std::string bytes;
    std::uint64_t offset;
  };
  struct here {
    std::string bytes;
    time_point until;
  };
  struct channel {
    std::string epoch;
    std::uint64_t last = 0;
    std::list<kept> history;  // Takes no memory while it is empty, unlike a deque.
    time_point history_until{};
    std::map<std::string, here, std::less<>> members;
    std::size_t subscriptions = 0;
    std::optional<deadlines::iterator> due;  // Not later than anything of the channel ends.
  };
  struct text_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>()(text); }
  };
  template <class T>
  using by_name = std::unordered_map<std::string, T, text_hash, std::equal_to<>>;

  // About what an entry of a container takes besides its text.
  static constexpr std::size_t overhead = 64;

  /// Null if there are too many channels.
  [[nodiscard]] channel* find_or_make(std::string_view name);
  void keep(channel& in, std::string_view bytes, const broker_publish_options& options, time_point now);
  void forget_oldest(channel& in);
  void forget_history(channel& in);
  void forget_member(channel& in, std::map<std::string, here, std::less<>>::iterator member);
  void expire(time_point now);
  void expire_channel(std::string_view name, time_point now);
  void erase_if_unused(std::string_view name, time_point now);
  void expect(channel& in, std::string_view name, time_point when);
  void erase(by_name<channel>::iterator one);

  const memory_broker_options limits_;
  const std::string run_;
  by_name<channel> channels_;
  by_name<std::optional<broker_position>> keys_;  // What was published with a key.
  deadlines channel_deadlines_;
  deadlines key_deadlines_;
  std::size_t bytes_ = 0;
  std::size_t key_bytes_ = 0;  // Of bytes_.
  std::uint64_t epochs_ = 0;
};

}  // namespace twinsocket::detail
