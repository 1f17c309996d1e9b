#pragma once

// Subscriptions and pending publications. Each event loop with subscribers has a shard. publish() puts messages into the
// inboxes of the shards; each loop delivers its inbox once per turn.

#include <cstdint>
#include <deque>
#include <functional>
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
using shared_frames = std::shared_ptr<const prepared_frames>;

/// The subscribers of one topic on one event loop.
struct topic_part {
  explicit topic_part(std::shared_ptr<topic_shard> s) : shard(std::move(s)) {}

  const std::shared_ptr<topic_shard> shard;
  std::size_t count = 0;             ///< Guarded by the hub's mutex.
  std::vector<subscriber*> members;  ///< Used on the shard's thread only.
};

struct topic {
  explicit topic(std::string n) : name(std::move(n)) {}

  const std::string name;
  std::uint64_t last = 0;  ///< Sequence number of the last published message.
  std::deque<shared_frames> history;
  std::size_t history_bytes = 0;
  std::vector<std::shared_ptr<topic_part>> parts;
  std::size_t count = 0;
};

/// A message that is queued for the subscribers of one event loop.
struct publication {
  std::shared_ptr<topic_part> to;
  shared_frames frames;
  std::uint64_t number = 0;
  const connection_state* except = nullptr;
};

/// One subscription. Used on the connection's thread. It is a waiter for the end of the connection.
class subscriber final : public waiter {
 public:
  subscriber(std::shared_ptr<topic_hub> hub, std::shared_ptr<connection_state> connection, send_options when_slow);
  subscriber(const subscriber&) = delete;
  subscriber& operator=(const subscriber&) = delete;
  ~subscriber() { leave(); }

  void join(std::string_view name);
  [[nodiscard]] bool joined() const noexcept { return part_ != nullptr; }

 private:
  friend class topic_shard;
  [[nodiscard]] bool ready() override;
  void leave() noexcept;

  void send(const publication& one);

  const std::shared_ptr<topic_hub> hub_;
  std::shared_ptr<connection_state> connection_;
  send_options when_slow_;
  std::optional<frame_form> form_;
  std::shared_ptr<topic> topic_;
  std::shared_ptr<topic_part> part_;
  std::size_t place_ = 0;     // Index in part_->members.
  std::uint64_t since_ = 0;   // Messages up to this sequence number are older than the subscription.
};

class topic_shard final : public flushable, public std::enable_shared_from_this<topic_shard> {
 public:
  topic_shard(std::weak_ptr<topic_hub> hub, const loop& home) : hub_(std::move(hub)), home_(home.handle()) {}

  [[nodiscard]] bool is_of(const loop& home) const noexcept { return home.handle() == home_; }

  // The following members are guarded by the hub's mutex; any thread may use them.
  void put(publication one);
  std::size_t queued = 0;  ///< Bytes in the inbox, including overhead.
  std::size_t count = 0;
  std::vector<publication> inbox;

 private:
  // The frames of a run of messages, for connections of one frame form.
  struct form_block {
    frame_form form;
    buffer own;
    frame_block block;
  };

  void flush() override;
  void deliver(std::span<const publication> run, bool at_once);
  [[nodiscard]] const frame_block& block_of(std::span<const publication> run, const frame_form& form);

  const std::weak_ptr<topic_hub> hub_;
  const std::shared_ptr<loop_handle> home_;
  // Both are empty between turns and keep their capacity.
  std::vector<publication> batch_;
  std::vector<form_block> blocks_;
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

  [[nodiscard]] std::shared_ptr<topic_shard> shard_of(loop& home);
  void keep(topic& t, const shared_frames& frames) const;

  const topic_options options_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<topic>, text_hash, std::equal_to<>> topics_;
  std::vector<std::shared_ptr<topic_shard>> shards_;
};

}  // namespace twinsocket::detail
