#pragma once

// The channels of one server: their namespaces, which of them have subscribers here, and the delivery of what the broker
// passes on.

#include <array>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "channels/channel_metrics.hpp"
#include "channels/envelope.hpp"
#include "twinsocket/any_codec.hpp"
#include "twinsocket/async_mutex.hpp"
#include "twinsocket/channel_protocol.hpp"
#include "twinsocket/native/channels.hpp"
#include "twinsocket/native/topics.hpp"

namespace twinsocket::detail {

/// Is told what happens in channels. Called on any event loop, in the order of the offsets of each channel.
class channel_listener {
 public:
  virtual ~channel_listener() = default;
  /// The offset is 0 for what has no place in the history.
  virtual void on_event(std::string_view channel, const broker_event& what, const broker_position& at) = 0;
  /// Publications may have been lost.
  virtual void on_gap(std::string_view channel) = 0;
  /// Those that it passes the events of a channel on to.
  [[nodiscard]] virtual std::size_t subscribers(std::string_view channel) const = 0;
};

class channel_hub final : public broker_listener {
 public:
  channel_hub(std::shared_ptr<broker> where, channels_options options)
      : broker_(std::move(where)), options_(std::move(options)) {}

  [[nodiscard]] const channels_options& options() const noexcept { return options_; }
  [[nodiscard]] broker& where() const noexcept { return *broker_; }

  [[nodiscard]] result<void> add(std::string name, channel_options options);
  /// The options of the channel's namespace; null if there is none, or if the name is empty, too long, not UTF-8, or has
  /// control characters.
  [[nodiscard]] const channel_options* find(std::string_view channel) const;

  /// The first subscriber of a channel subscribes this server to it, the last one ends that. Errors: those of the broker,
  /// and errc::queue_full for too many channels. Each successful call is followed by leave().
  [[nodiscard]] task<result<void>> enter(std::string channel);
  [[nodiscard]] task<void> leave(std::string channel);
  /// Instead of leave(), without waiting. The broker is not told: the server stays subscribed until another subscriber of the
  /// channel leaves it.
  void abandon(std::string_view channel);

  [[nodiscard]] subscription listen(connection& socket, const any_codec& codec, const std::string& channel,
                                    const send_options& delivery);

  [[nodiscard]] task<result<std::optional<broker_position>>> publish(std::string channel,
                                                                     channel_protocol::publication what,
                                                                     std::string key);
  /// Tells the subscribers who joined or left.
  [[nodiscard]] task<void> announce(std::string channel, bool joined, channel_protocol::member who);

  /// Before the server runs.
  void add_listener(const std::shared_ptr<channel_listener>& one) { listeners_.push_back(one); }

  [[nodiscard]] std::size_t subscribers(std::string_view channel) const;
  /// The largest request that a client has a reason to send.
  [[nodiscard]] std::size_t max_request_bytes() const;
  [[nodiscard]] channel_metrics& metrics() noexcept { return metrics_; }
  [[nodiscard]] std::string metrics_text() const;

 private:
  struct text_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>()(text); }
  };
  template <class T>
  using by_name = std::unordered_map<std::string, T, text_hash, std::equal_to<>>;

  /// A channel with subscribers on this server. What the broker is told of it is told in order, under `changing`.
  struct interest {
    std::size_t count = 0;  // Guarded by mutex_.
    async_mutex changing;
    bool subscribed = false;  // Guarded by changing.
  };

  void on_publication(std::string_view channel, const broker_publication& one, std::string_view epoch) override;
  void on_gap(std::string_view channel) override;
  void deliver(std::string_view channel, const channel_protocol::server_message& what);
  void tell_occupied(std::string_view channel, bool occupied) const;

  struct channel_namespace {
    channel_options options;
    std::size_t interests = 0;  // Guarded by mutex_.
  };

  const std::shared_ptr<broker> broker_;
  const channels_options options_;
  by_name<channel_namespace> namespaces_;
  /// The subscribers that speak one of the subprotocols.
  struct format {
    any_codec codec;
    topics subscribers{topic_options()};
  };
  std::array<format, 2> formats_{{{json}, {cbor}}};
  std::vector<std::weak_ptr<channel_listener>> listeners_;
  channel_metrics metrics_;
  mutable std::mutex mutex_;
  by_name<std::shared_ptr<interest>> interests_;
};

}  // namespace twinsocket::detail
