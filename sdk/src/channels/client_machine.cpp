#include "channels/client_machine.hpp"

namespace twinsocket::detail {

namespace protocol = channel_protocol;

namespace {

errc code_of(protocol::failure_code code) {
  switch (code) {
    case protocol::failure_code::not_allowed: return errc::cancelled;
    case protocol::failure_code::too_fast: return errc::queue_full;
    case protocol::failure_code::unavailable: return errc::timed_out;
    default: return errc::invalid_argument;
  }
}

channel_gap::cause cause_of(protocol::recovery from) {
  switch (from) {
    case protocol::recovery::epoch_changed: return channel_gap::cause::epoch_changed;
    case protocol::recovery::trimmed: return channel_gap::cause::trimmed;
    default: return channel_gap::cause::no_history;
  }
}

/// The channel of a request that only subscribers may make; null for others.
const std::string* channel_for_subscribers(const protocol::request& what) {
  if (const auto* const one = std::get_if<protocol::publish_request>(&what)) return &one->channel;
  if (const auto* const one = std::get_if<protocol::history_request>(&what)) return &one->channel;
  if (const auto* const one = std::get_if<protocol::presence_request>(&what)) return &one->channel;
  return nullptr;
}

bool is_temporary(protocol::failure_code code) {
  return code == protocol::failure_code::too_fast || code == protocol::failure_code::unavailable;
}

}  // namespace

channel_client_machine::subscription channel_client_machine::subscribe(std::string channel,
                                                                       std::optional<protocol::position> since) {
  auto made = std::make_shared<channel_subscription_state>(channel, queue_);
  made->last = std::move(since);
  if (ended_) {
    finish(made, *ended_);
  } else if (!subscriptions_.emplace(channel, made).second) {
    finish(made, error(errc::invalid_argument, "there is a subscription to \"" + channel + "\" already"));
  } else {
    begin(made);
  }
  return made;
}

void channel_client_machine::begin(const subscription& one) {
  if (!connected_ || one->at == phase::ended) return;
  forget_request(*one);
  one->at = phase::subscribing;
  pending made{protocol::subscribe_request{one->channel, one->last}, {}, one};
  one->request = next_id();
  send(one->request, made);
  pending_.emplace(one->request, std::move(made));
}

// Its response has no meaning any more: the subscription has ended, or asks again.
void channel_client_machine::forget_request(channel_subscription_state& one) {
  pending_.erase(std::exchange(one.request, 0));
}

void channel_client_machine::unsubscribe(const subscription& one) {
  const bool told = one->at == phase::live || one->at == phase::subscribing;
  if (find(one->channel) != one) return;
  subscriptions_.erase(one->channel);
  finish(one, error(errc::closed, "the subscription was destroyed"));
  if (told && connected_) output_.push_back({next_id(), protocol::unsubscribe_request{one->channel}});
}

void channel_client_machine::on_taken(const subscription& one) {
  if (!one->overflowed || one->events.size() > 0 || one->at == phase::ended) return;
  one->overflowed = false;
  one->at = phase::waiting;
  begin(one);
}

std::uint32_t channel_client_machine::request(protocol::request what, response_function done) {
  if (ended_) {
    done(*ended_);
    return 0;
  }
  if (pending_.size() >= max_requests_) {
    done(error(errc::queue_full, std::to_string(max_requests_) + " requests wait for their responses"));
    return 0;
  }
  // With the same key it may be repeated on the next connection.
  if (auto* const publication = std::get_if<protocol::publish_request>(&what); publication && publication->key.empty())
    publication->key = key_prefix_ + std::to_string(++keys_);
  const std::uint32_t id = next_id();
  pending made{std::move(what), std::move(done), {}};
  if (connected_) send(id, made);
  pending_.emplace(id, std::move(made));
  return id;
}

void channel_client_machine::refuse(std::uint32_t id, const error& why) {
  const auto found = pending_.find(id);
  if (found == pending_.end()) return;
  const pending one = std::move(found->second);
  pending_.erase(found);
  if (one.done) return one.done(why);
  one.subscribing->request = 0;
  if (why != errc::queue_full) {
    subscriptions_.erase(one.subscribing->channel);
    return finish(one.subscribing, why);
  }
  one.subscribing->at = phase::waiting;
  postponed_.push_back(one.subscribing);
}

void channel_client_machine::forget(std::uint32_t id) { pending_.erase(id); }

std::uint32_t channel_client_machine::next_id() {
  do ++last_id_;
  while (last_id_ == 0 || pending_.contains(last_id_));
  return last_id_;
}

void channel_client_machine::send(std::uint32_t id, const pending& one) { output_.push_back({id, one.what}); }

// Subscriptions come first: what is published afterwards is received.
void channel_client_machine::on_connected() {
  if (ended_) return;
  connected_ = true;
  output_.clear();
  std::vector<std::uint32_t> waiting;
  for (const auto& [id, one] : pending_) waiting.push_back(id);
  for (const auto& [channel, one] : subscriptions_)
    if (!one->overflowed) begin(one);
  for (const std::uint32_t id : waiting) {
    pending_.at(id).postponed = false;
    send(id, pending_.at(id));
  }
}

void channel_client_machine::on_disconnected() {
  connected_ = false;
  output_.clear();
  for (auto one = pending_.begin(); one != pending_.end();)
    one = one->second.subscribing ? pending_.erase(one) : std::next(one);
  for (const auto& [channel, one] : subscriptions_) {
    one->at = phase::waiting;
    one->request = 0;
    one->early.clear();
  }
}

void channel_client_machine::retry(const subscription& one) {
  if (one->at == phase::waiting) begin(one);
}

void channel_client_machine::on_message(protocol::server_message received) {
  if (auto* const answer = std::get_if<protocol::response>(&received)) return on_response(std::move(*answer));
  const std::string* channel = nullptr;
  if (const auto* const one = std::get_if<protocol::published>(&received)) channel = &one->channel;
  if (const auto* const one = std::get_if<protocol::joined>(&received)) channel = &one->channel;
  if (const auto* const one = std::get_if<protocol::left>(&received)) channel = &one->channel;
  if (const auto* const one = std::get_if<protocol::unsubscribed>(&received)) channel = &one->channel;
  const subscription to = find(*channel);
  if (!to) return;  // It has ended on this side, and the server does not know that yet.
  if (to->at == phase::subscribing) {
    // What does not fit is fetched from the history afterwards. The end of the subscription is in no history.
    if (to->early.size() < queue_ || to->early.empty()) {
      to->early.push_back(std::move(received));
    } else if (std::holds_alternative<protocol::unsubscribed>(received)) {
      to->early.back() = std::move(received);
    }
  } else if (to->at == phase::live) {
    deliver(to, std::move(received));
  }
}

void channel_client_machine::on_response(protocol::response answer) {
  const auto found = pending_.find(answer.id);
  if (found == pending_.end()) return;
  pending one = std::move(found->second);
  pending_.erase(found);
  if (one.subscribing) return on_subscribed(*one.subscribing, std::move(answer.value), one.subscribing);
  if (auto* const failed = std::get_if<protocol::failure>(&answer.value)) {
    if (failed->code == protocol::failure_code::not_allowed && may_follow_subscription(one)) {
      one.postponed = true;
      pending_.emplace(answer.id, std::move(one));
      return;
    }
    one.done(error(code_of(failed->code), std::move(failed->reason)));
  } else {
    one.done(std::move(answer.value));
  }
}

// The server cannot make the subscription now, so it refuses what only subscribers may do.
bool channel_client_machine::may_follow_subscription(const pending& one) const {
  const std::string* const channel = channel_for_subscribers(one.what);
  const subscription to = channel ? find(*channel) : nullptr;
  // One that waits for room in its queue may wait for the caller of the request.
  return to && to->at != phase::live && !to->overflowed;
}

void channel_client_machine::send_postponed(const std::string& channel) {
  for (auto& [id, one] : pending_) {
    if (!one.postponed || *channel_for_subscribers(one.what) != channel) continue;
    one.postponed = false;
    send(id, one);
  }
}

void channel_client_machine::on_subscribed(channel_subscription_state& one, protocol::response_value value,
                                           const subscription& self) {
  one.request = 0;
  if (auto* const failed = std::get_if<protocol::failure>(&value)) {
    one.early.clear();
    if (is_temporary(failed->code)) {
      one.at = phase::waiting;
      postponed_.push_back(self);
    } else {
      subscriptions_.erase(one.channel);
      finish(self, error(code_of(failed->code), std::move(failed->reason)));
    }
    return;
  }
  auto* const answer = std::get_if<protocol::subscribe_response>(&value);
  if (!answer) {
    subscriptions_.erase(one.channel);
    return finish(self, error(errc::protocol_violation, "the server has answered another request"));
  }
  resume(one, std::move(*answer));
  send_postponed(one.channel);
  auto early = std::exchange(one.early, {});
  for (auto& what : early)
    if (one.at == phase::live) deliver(self, std::move(what));
}

void channel_client_machine::resume(channel_subscription_state& one, protocol::subscribe_response answer) {
  one.at = phase::live;
  const bool asked = one.last.has_value();
  const bool complete = answer.recovery == protocol::recovery::complete;
  const bool follows = complete && asked && answer.position && answer.position->epoch == one.last->epoch &&
                       answer.position->offset >= one.last->offset;
  if (!follows && (asked || one.was_live)) {
    // A response that says so and does not follow what was asked for is that of another history.
    push(one, channel_gap{complete ? channel_gap::cause::epoch_changed : cause_of(answer.recovery)});
    if (complete) one.last.reset();
  }
  one.was_live = true;
  // Those before the position of the response and after what was passed on: no server has a reason to send others.
  if (const auto& end = answer.position) {
    const bool continues =
        answer.recovery != protocol::recovery::epoch_changed && one.last && one.last->epoch == end->epoch;
    std::int64_t previous = continues ? one.last->offset : 0;
    for (protocol::publication& what : answer.publications) {
      if (what.offset <= previous || what.offset > end->offset) continue;
      previous = what.offset;
      push(one, std::move(what));
      // What did not fit into the queue was not received: the next request begins before it.
      if (!one.overflowed) one.last = protocol::position{previous, end->epoch};
    }
  }
  if (!one.overflowed) one.last = std::move(answer.position);
}

void channel_client_machine::deliver(const subscription& one, protocol::server_message what) {
  if (auto* const published = std::get_if<protocol::published>(&what))
    return on_publication(one, std::move(*published));
  if (auto* const joined = std::get_if<protocol::joined>(&what)) return push(*one, std::move(*joined));
  if (auto* const left = std::get_if<protocol::left>(&what)) return push(*one, std::move(*left));
  auto& ended = std::get<protocol::unsubscribed>(what);
  if (ended.retry) return one->overflowed ? void() : begin(one);
  subscriptions_.erase(one->channel);
  finish(one, error(errc::cancelled, std::move(ended.reason)));
}

void channel_client_machine::on_publication(const subscription& one, protocol::published what) {
  if (one->overflowed) return;
  const std::int64_t offset = what.publication.offset;
  if (offset > 0 && one->last) {
    const bool same = what.epoch == one->last->epoch;
    if (same && offset <= one->last->offset) return;  // It was in the response.
    // One is missing, or the history was lost: the server is asked for all that follow the last.
    if (!same || offset - 1 > one->last->offset) return begin(one);
  }
  push(*one, std::move(what.publication));
  if (offset > 0 && one->last && !one->overflowed) one->last->offset = offset;
}

void channel_client_machine::push(channel_subscription_state& one, channel_event what) {
  if (one.overflowed) return;
  if (!one.events.try_push(std::move(what))) one.overflowed = true;
}

void channel_client_machine::finish(const subscription& one, error why) {
  forget_request(*one);
  one->at = phase::ended;
  one->why = std::move(why);
  one->early.clear();
  one->events.close();
  // The server refuses now what waited for the subscription.
  if (connected_) send_postponed(one->channel);
}

void channel_client_machine::end(const error& why) {
  if (ended_) return;
  ended_ = why;
  connected_ = false;
  output_.clear();
  const auto waiting = std::exchange(pending_, {});
  for (const auto& [channel, one] : std::exchange(subscriptions_, {})) finish(one, why);
  for (const auto& [id, one] : waiting)
    if (one.done) one.done(why);
}

channel_client_machine::subscription channel_client_machine::find(const std::string& channel) const {
  const auto found = subscriptions_.find(channel);
  return found == subscriptions_.end() ? nullptr : found->second;
}

}  // namespace twinsocket::detail
