#pragma once

// Subscriptions and pending publications. Each event loop with subscribers has a shard. publish() puts messages into the
// inboxes of the shards; each loop delivers its inbox once per turn.

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "connection/connection_state.hpp"
#include "loop.hpp"
#include "twinsocket/native/topics.hpp"

namespace twinsocket::detail {

class topic_shard;
class topic_hub;
class subscriber;
struct topic;
using shared_frames = std::shared_ptr<const prepared_frames>;

/// The subscribers of one topic on one event loop.
struct topic_shard_members {
  topic_shard_members(topic& t, std::shared_ptr<topic_shard> s) : of(t), shard(std::move(s)) {}

  topic& of;  ///< Exists as long as there are members.
  const std::shared_ptr<topic_shard> shard;
  std::size_t count = 0;             ///< Guarded by the hub's mutex.
  std::vector<subscriber*> members;  ///< Used on the shard's thread only.
};

struct topic {
  explicit topic(std::string n) : name(std::move(n)) {}

  const std::string name;
  std::uint64_t last = 0;            ///< Sequence number of the last published message.
  std::list<shared_frames> history;  ///< Takes no memory while it is empty, unlike a deque.
  std::size_t history_bytes = 0;
  std::vector<std::shared_ptr<topic_shard_members>> shard_members;
  std::size_t count = 0;
};

/// A message that is queued for the subscribers of one event loop.
struct publication {
  std::shared_ptr<topic_shard_members> to;
  shared_frames frames;
  std::uint64_t number = 0;
  const connection_state* exclude = nullptr;
};

/// One subscription. Used on the connection's thread. It is a waiter for the end of the connection.
class subscriber final : public waiter {
 public:
  subscriber(std::shared_ptr<topic_hub> hub, std::shared_ptr<connection_state> connection,
             send_options delivery_options);
  subscriber(const subscriber&) = delete;
  subscriber& operator=(const subscriber&) = delete;
  ~subscriber() { unsubscribe(); }

  void subscribe(std::string_view name);
  [[nodiscard]] bool is_subscribed() const noexcept { return shard_members_ != nullptr; }

 private:
  friend class topic_shard;
  [[nodiscard]] bool ready() override;
  void unsubscribe() noexcept;
  [[nodiscard]] const send_options& delivery_options() const noexcept {
    return own_delivery_options_ ? *own_delivery_options_ : usual_delivery_options;
  }

  void send(const publication& one);

  static const send_options usual_delivery_options;

  const std::shared_ptr<topic_hub> hub_;
  std::shared_ptr<connection_state> connection_;
  std::unique_ptr<const send_options> own_delivery_options_;  // Null for the usual ones: most subscriptions have them.
  std::optional<frame_encoding> encoding_;
  std::shared_ptr<topic_shard_members> shard_members_;
  std::size_t index_ = 0;        // Index in shard_members_->members.
  std::uint64_t joined_at_ = 0;  // Messages up to this sequence number are older than the subscription.
};

class topic_shard final : public flushable, public std::enable_shared_from_this<topic_shard> {
 public:
  topic_shard(std::weak_ptr<topic_hub> hub, const loop& own_loop)
      : hub_(std::move(hub)), own_loop_(own_loop.handle()) {}

  [[nodiscard]] bool belongs_to(const loop& own_loop) const noexcept { return own_loop.handle() == own_loop_; }

  // The following members are guarded by the hub's mutex; any thread may use them.
  void enqueue(publication one);
  std::size_t inbox_bytes = 0;  ///< Bytes in the inbox, including overhead.
  std::size_t count = 0;
  std::vector<publication> inbox;

 private:
  // The frames of a run of messages, for connections of one frame form.
  struct encoded_block {
    frame_encoding form;
    buffer own;
    frame_block block;
  };

  void flush() override;
  void deliver(std::span<const publication> run, bool at_once);
  [[nodiscard]] const frame_block& block_for(std::span<const publication> run, const frame_encoding& form);

  const std::weak_ptr<topic_hub> hub_;
  const std::shared_ptr<loop_handle> own_loop_;
  // Both are empty between turns and keep their capacity.
  std::vector<publication> batch_;
  std::vector<encoded_block> blocks_;
};

class topic_hub : public std::enable_shared_from_this<topic_hub> {
 public:
  explicit topic_hub(const topic_options& options) : options_(options) {}

  /// False if the inbox of a shard is full; nothing is published then.
  [[nodiscard]] bool publish(std::string_view name, const shared_frames& frames, const publish_options& how);
  [[nodiscard]] const topic_options& options() const noexcept { return options_; }
  [[nodiscard]] std::size_t subscribers(std::string_view name) const;

 private:
  friend subscriber;
  friend topic_shard;
  struct text_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>()(text); }
  };

  [[nodiscard]] std::shared_ptr<topic_shard> shard_for(loop& own_loop);
  void retain(topic& t, const shared_frames& frames) const;

  const topic_options options_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::unique_ptr<topic>, text_hash, std::equal_to<>> topics_;
  std::vector<std::shared_ptr<topic_shard>> shards_;
};

}  // namespace twinsocket::detail
