#pragma once

// The Lua scripts of the broker, and commands in the protocol of Redis. A script is atomic. It is sent once, and named by its
// SHA-1 afterwards.

#include <span>
#include <string>
#include <string_view>

namespace twinsocket::detail {

struct redis_script {
  std::string source;
  std::string sha1;  ///< In hexadecimal digits.
};

/// KEYS: position, history, and the key if there is one. ARGV: subscription, bytes, history size, history ms, position ms,
/// new epoch, key ms. A size of 0 keeps nothing; key ms of 0 is no key. Returns {offset, epoch}, of the first publication if
/// the key is known.
[[nodiscard]] const redis_script& publish_script();
/// KEYS: position, history. ARGV: since, limit, position ms, new epoch. Returns {epoch, last, oldest, entries}.
[[nodiscard]] const redis_script& history_script();
/// KEYS: members by time, bytes by member. ARGV: client, bytes, ms.
[[nodiscard]] const redis_script& add_presence_script();
/// The same keys. ARGV: client.
[[nodiscard]] const redis_script& remove_presence_script();
/// The same keys. Returns {client, bytes, ...}.
[[nodiscard]] const redis_script& presence_script();

/// A command with its arguments, in the protocol of Redis.
[[nodiscard]] std::string redis_command_text(std::span<const std::string_view> arguments);

}  // namespace twinsocket::detail
