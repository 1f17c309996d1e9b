#include "topics/topic_hub.hpp"

#include <algorithm>
#include <utility>

namespace twinsocket::detail {

subscriber::subscriber(std::shared_ptr<topic_hub> hub, std::shared_ptr<connection_state> connection,
                       send_options when_slow)
    : waiter(*connection),
      hub_(std::move(hub)),
      connection_(std::move(connection)),
      when_slow_(std::move(when_slow)),
      form_(connection_->form()) {
  if (when_slow_.when_full() == when_full::wait) when_slow_.when_full(when_full::close);
  if (form_ && !when_slow_.compress()) form_ = frame_form{};
}

void subscriber::join(std::string_view name) {
  if (connection_->settled()) return;
  std::deque<shared_frames> missed;
  {
    const std::scoped_lock lock(hub_->mutex_);
    const auto shard = hub_->shard_of(loop::require_current());
    auto found = hub_->topics_.find(name);
    if (found == hub_->topics_.end())
      found = hub_->topics_.emplace(name, std::make_shared<topic>(std::string(name))).first;
    topic_ = found->second;
    const auto here = std::find_if(topic_->parts.begin(), topic_->parts.end(),
                                   [&](const auto& part) { return part->shard == shard; });
    part_ = here != topic_->parts.end() ? *here : topic_->parts.emplace_back(std::make_shared<topic_part>(shard));
    ++topic_->count;
    ++part_->count;
    ++shard->count;
    since_ = topic_->last;
    missed = topic_->history;
  }
  place_ = part_->members.size();
  part_->members.push_back(this);
  for (shared_frames& frames : missed) send({.to = nullptr, .frames = std::move(frames), .number = 0});
  connection_->watch_end(*this, {});
}

// The last subscriber of a part removes the part, of a topic the topic, and of a shard the shard.
void subscriber::leave() noexcept {
  if (!part_) return;
  std::vector<publication> unheard;
  {
    const std::scoped_lock lock(hub_->mutex_);
    if (--part_->count == 0) std::erase(topic_->parts, part_);
    if (--topic_->count == 0) hub_->topics_.erase(topic_->name);
    const auto& shard = part_->shard;
    if (--shard->count == 0) {
      unheard.swap(shard->inbox);
      shard->queued = 0;
      std::erase(hub_->shards_, shard);
    }
  }
  subscriber* const last = part_->members.back();
  part_->members[place_] = last;
  last->place_ = place_;
  part_->members.pop_back();
  part_.reset();
  topic_.reset();
  connection_.reset();
}

// Called on every event of the connection; only its end matters.
bool subscriber::ready() {
  if (!connection_->settled()) return false;
  leave();
  return true;
}

void subscriber::send(const publication& one) {
  const outgoing message{.kind = one.frames->kind(),
                         .bytes = one.frames->payload(),
                         .options = &when_slow_,
                         .shared = one.frames};
  // Failures are ignored: the overflow policy has handled them.
  [[maybe_unused]] const send_result outcome = connection_->send(message);
}

std::shared_ptr<topic_shard> topic_hub::shard_of(loop& home) {
  const auto found =
      std::find_if(shards_.begin(), shards_.end(), [&](const auto& shard) { return shard->is_of(home); });
  if (found != shards_.end()) return *found;
  return shards_.emplace_back(std::make_shared<topic_shard>(weak_from_this(), home));
}

bool topic_hub::publish(std::string_view name, const shared_frames& frames, const publish_options& how) {
  const std::scoped_lock lock(mutex_);
  const auto found = topics_.find(name);
  if (found == topics_.end()) return true;
  topic& t = *found->second;
  const auto is_full = [&](const auto& part) { return part->shard->queued >= options_.queued_bytes(); };
  if (std::any_of(t.parts.begin(), t.parts.end(), is_full)) return false;
  ++t.last;
  if (options_.history() != 0 && how.keep()) keep(t, frames);
  for (const auto& part : t.parts)
    part->shard->put({.to = part, .frames = frames, .number = t.last, .except = how.except()});
  return true;
}

void topic_hub::keep(topic& t, const shared_frames& frames) const {
  t.history.push_back(frames);
  t.history_bytes += frames->payload().size();
  while (t.history.size() > options_.history() || t.history_bytes > options_.history_bytes()) {
    t.history_bytes -= t.history.front()->payload().size();
    t.history.pop_front();
  }
}

std::size_t topic_hub::subscribers(std::string_view name) const {
  const std::scoped_lock lock(mutex_);
  const auto found = topics_.find(name);
  return found == topics_.end() ? 0 : found->second->count;
}

}  // namespace twinsocket::detail
