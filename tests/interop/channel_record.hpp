#pragma once

// What the clients of channel_load have received, and whether that is all of it: every publication once and in one order, but for
// places at which a client was told that publications are missing.

#include <boost/describe.hpp>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "twinsocket/channel_client.hpp"

namespace channel_load {

/// Identifies a message: who has sent it, and its number.
struct numbered {
  int publisher = 0;
  long number = 0;

  auto operator<=>(const numbered&) const = default;
};

/// What one client has received of one channel.
struct received_events {
  struct entry {
    std::optional<numbered> what;  ///< Empty for a gap.
    std::int64_t offset = 0;
  };
  std::vector<entry> entries{};
  bool ended = false;  ///< The last publication of the channel has arrived.
};

struct totals {
  long acknowledged = 0;
  long not_acknowledged = 0;  ///< Were refused, or still to be acknowledged at the end.
  long repeated = 0;          ///< Attempts to publish that have failed.
  long received = 0;
  long duplicates = 0;
  long repeated_after_gap = 0;  ///< Received before a gap and again after it, because the history was lost in between.
  long missing = 0;
  long reordered = 0;
  long told_lost = 0;   ///< Acknowledged and not received, by a client that was told of a gap.
  long unfinished = 0;  ///< Subscriptions that did not get to the end.
  long gaps_epoch_changed = 0;
  long gaps_trimmed = 0;
  long gaps_no_history = 0;
};
BOOST_DESCRIBE_STRUCT(totals, (),
                      (acknowledged, not_acknowledged, repeated, received, duplicates, repeated_after_gap, missing,
                       reordered, told_lost, unfinished, gaps_epoch_changed, gaps_trimmed, gaps_no_history))

/// One channel of all clients.
class channel_record {
 public:
  void acknowledge(numbered what, const twinsocket::channel_protocol::position& where) {
    acknowledged_.emplace(what, where);
  }
  received_events& add_subscription() { return subscriptions_.emplace_back(); }

  /// Adds what is wrong to `out`. Called once, at the end.
  void check(totals& out) {
    for (const auto& [what, where] : acknowledged_) place(where.epoch, where.offset, what, out);
    check_publishers(out);
    for (const received_events& one : subscriptions_) check(one, out);
  }

 private:
  using epoch_order = std::map<std::int64_t, numbered>;

  // All clients have the same message at the same offset of an epoch.
  void place(const std::string& epoch, std::int64_t offset, numbered what, totals& out) {
    const auto [at, added] = order_[epoch].emplace(offset, what);
    if (!added && at->second != what) ++out.reordered;
  }

  // A publisher waits for each acknowledgement before it sends the next message.
  void check_publishers(totals& out) {
    auto before = acknowledged_.begin();
    for (auto at = before; at != acknowledged_.end(); before = at++)
      if (at != before && at->first.publisher == before->first.publisher && at->second.epoch == before->second.epoch &&
          at->second.offset <= before->second.offset)
        ++out.reordered;
  }

  void check(const received_events& one, totals& out) {
    if (!one.ended) ++out.unfinished;
    std::map<numbered, int> seen;  // And after how many gaps.
    int gaps = 0;
    std::vector<received_events::entry> part;
    for (const received_events::entry& event : one.entries) {
      if (!event.what) {
        check_part(part, gaps == 0, out);
        part.clear();
        ++gaps;
        continue;
      }
      ++out.received;
      part.push_back(event);
      const auto [known, first] = seen.emplace(*event.what, gaps);
      if (!first) ++(known->second == gaps ? out.duplicates : out.repeated_after_gap);
      known->second = gaps;
    }
    check_part(part, gaps == 0, out);
    for (const auto& [what, where] : acknowledged_)
      if (!seen.contains(what)) ++(gaps == 0 ? out.missing : out.told_lost);
  }

  // Without a gap the offsets have no holes. The first one of all is 1, since nobody publishes before all have subscribed.
  void check_part(const std::vector<received_events::entry>& part, bool from_start, totals& out) {
    std::int64_t last = from_start || part.empty() ? 0 : part.front().offset - 1;
    std::string epoch;
    for (const auto& [what, offset] : part) {
      if (offset <= last) {
        ++out.reordered;
      } else {
        out.missing += offset - last - 1;
      }
      last = offset;
      const auto known = acknowledged_.find(*what);
      if (epoch.empty() && known != acknowledged_.end() && known->second.offset == offset) epoch = known->second.epoch;
    }
    if (epoch.empty()) return;
    for (const auto& [what, offset] : part) place(epoch, offset, *what, out);
  }

  std::map<numbered, twinsocket::channel_protocol::position> acknowledged_;
  std::map<std::string, epoch_order> order_;
  std::deque<received_events> subscriptions_;  // References to them stay valid.
};

}  // namespace channel_load
