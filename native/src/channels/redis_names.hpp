#pragma once

// The names of a channel's keys, each with the channel in braces, so that a cluster keeps all of them in one slot: that of what
// is between the first "{" and the next "}". A cluster ignores braces with nothing in between, so the names of a channel that
// is empty or begins with "}" have a "-" there. A name has one meaning whatever the channel contains: what may follow the
// channel comes with the channel's length.

#include <string>
#include <string_view>

#include "channels/redis_connection.hpp"

namespace twinsocket::detail {

/// What all names of the channel have in common for a cluster, never empty.
[[nodiscard]] inline std::string_view redis_hash_tag(std::string_view channel) {
  const std::string_view tag = channel.substr(0, channel.find('}'));
  return tag.empty() ? "-" : tag;
}

[[nodiscard]] inline std::string redis_name(const redis_settings& settings, std::string_view kind,
                                            std::string_view channel) {
  std::string name;
  name.reserve(settings.options.key_prefix.size() + kind.size() + channel.size() + 6);
  const bool has_tag = !channel.empty() && channel.front() != '}';
  return name.append(settings.options.key_prefix)
      .append(kind)
      .append(has_tag ? ":{" : ":-{-")
      .append(channel)
      .append("}");
}

/// A hash of the epoch and the last offset.
[[nodiscard]] inline std::string redis_position_key(const redis_settings& settings, std::string_view channel) {
  return redis_name(settings, "position", channel);
}
/// A stream of the publications.
[[nodiscard]] inline std::string redis_history_key(const redis_settings& settings, std::string_view channel) {
  return redis_name(settings, "history", channel);
}
/// A sorted set of the clients, by the time in milliseconds until which they are present.
[[nodiscard]] inline std::string redis_members_key(const redis_settings& settings, std::string_view channel) {
  return redis_name(settings, "members", channel);
}
/// A hash of the bytes of each client.
[[nodiscard]] inline std::string redis_member_bytes_key(const redis_settings& settings, std::string_view channel) {
  return redis_name(settings, "member-bytes", channel);
}
/// The position of a publication that had a key.
[[nodiscard]] inline std::string redis_publication_key(const redis_settings& settings, std::string_view channel,
                                                       std::string_view key) {
  return redis_name(settings, "key" + std::to_string(channel.size()), channel).append(":").append(key);
}
/// Not a key. The database is in it because PUBLISH reaches the subscribers of all databases.
[[nodiscard]] inline std::string redis_subscription_name(const redis_settings& settings, std::string_view channel) {
  return redis_name(settings, std::to_string(settings.url.database), channel);
}

}  // namespace twinsocket::detail
