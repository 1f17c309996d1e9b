#pragma once

// Who has subscribed to what, and what is on its way to them. For each event loop with subscribers there is a shard: what
// is published goes into its inbox, and the loop hands it out by itself, once in each of its turns.

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

/// The subscribers of one topic on one thread.
struct topic_part {
  explicit topic_part(std::shared_ptr<topic_shard> s) : shard(std::move(s)) {}

  const std::shared_ptr<topic_shard> shard;
  std::size_t count = 0;             ///< Guarded by the hub's mutex.
  std::vector<subscriber*> members;  ///< The shard's thread only.
};

struct topic {
  explicit topic(std::string n) : name(std::move(n)) {}

  const std::string name;
  std::uint64_t last = 0;  ///< The number of the message that was published last.
  std::deque<shared_frames> history;
  std::size_t history_bytes = 0;
  std::vector<std::shared_ptr<topic_part>> parts;
  std::size_t count = 0;
};

/// A message on its way to the subscribers of one thread.
struct publication {
  std::shared_ptr<topic_part> to;
  shared_frames frames;
  std::uint64_t number = 0;
  const connection_state* except = nullptr;
};

/// One subscription, on the connection's thread. It is a waiter that waits for the end of the connection.
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
  std::size_t place_ = 0;     // Among the members of its part.
  std::uint64_t since_ = 0;   // What has this number, or a lower one, is not for it.
};

class topic_shard final : public flushable, public std::enable_shared_from_this<topic_shard> {
 public:
  topic_shard(std::weak_ptr<topic_hub> hub, const loop& home) : hub_(std::move(hub)), home_(home.handle()) {}

  [[nodiscard]] bool is_of(const loop& home) const noexcept { return home.handle() == home_; }

  // Guarded by the hub's mutex, from any thread.
  void put(publication one);
  std::size_t queued = 0;  ///< Bytes in the inbox, those of what is around them too.
  std::size_t count = 0;
  std::vector<publication> inbox;

 private:
  // What a run of messages is for the connections of one form.
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
  // Both are empty between two turns, and keep their memory.
  std::vector<publication> batch_;
  std::vector<form_block> blocks_;
};

class topic_hub : public std::enable_shared_from_this<topic_hub> {
 public:
  explicit topic_hub(const topic_options& options) : options_(options) {}

  /// False where a thread has no room for it.
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
