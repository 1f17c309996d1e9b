#include "channels/redis_script.hpp"

#include <hiredis/hiredis.h>

#include <memory>
#include <new>
#include <utility>
#include <vector>

#include "protocol/sha1.hpp"

namespace twinsocket::detail {

namespace {

// The last argument of a script is the run of the server (redis_run_id.hpp). A position that is gone or of another run takes
// the history with it: its offsets belong to the old epoch, and an entry cannot be added with an identifier below that of the
// last one. Offsets are formatted because Lua writes large numbers with an exponent.
//
// In a cluster the subscription is in the slot of the keys. While that slot is moved, the script may run on the node that gets
// it, where nobody is subscribed yet: the subscribers are told of a gap when they are moved.
constexpr std::string_view publish_source = R"lua(
local has_key = ARGV[7] ~= '0'
if has_key then
  local known = redis.call('GET', KEYS[3])
  if known then
    local offset, epoch = string.match(known, '^(%d+) (.*)$')
    return {offset, epoch}
  end
end
local offset, epoch = '0', ''
if ARGV[3] ~= '0' then
  local position = redis.call('HMGET', KEYS[1], 'epoch', 'run')
  epoch = position[1]
  if position[2] ~= ARGV[8] then
    epoch = ARGV[6]
    redis.call('DEL', KEYS[1], KEYS[2])
    redis.call('HSET', KEYS[1], 'epoch', epoch, 'run', ARGV[8])
    redis.call('PEXPIRE', KEYS[1], ARGV[5])
  end
  offset = string.format('%.0f', redis.call('HINCRBY', KEYS[1], 'offset', 1))
  redis.call('PEXPIRE', KEYS[1], ARGV[5], 'GT')
  redis.call('XADD', KEYS[2], 'MAXLEN', ARGV[3], offset .. '-0', 'b', ARGV[2])
  redis.call('PEXPIRE', KEYS[2], ARGV[4])
end
if has_key then redis.call('SET', KEYS[3], offset .. ' ' .. epoch, 'PX', ARGV[7]) end
local publish = string.find(ARGV[8], '^cluster:') and 'SPUBLISH' or 'PUBLISH'
redis.call(publish, ARGV[1], offset .. ':' .. epoch .. ':' .. ARGV[2])
return {offset, epoch}
)lua";

constexpr std::string_view history_source = R"lua(
local position = redis.call('HMGET', KEYS[1], 'epoch', 'offset', 'run')
if position[3] ~= ARGV[5] then
  redis.call('DEL', KEYS[1], KEYS[2])
  redis.call('HSET', KEYS[1], 'epoch', ARGV[4], 'offset', '0', 'run', ARGV[5])
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
  return {ARGV[4], '0', '0', {}}
end
redis.call('PEXPIRE', KEYS[1], ARGV[3], 'GT')
local first = redis.call('XRANGE', KEYS[2], '-', '+', 'COUNT', 1)
local oldest = first[1] and first[1][1] or '0'
local entries = {}
if ARGV[2] ~= '0' then
  entries = redis.call('XRANGE', KEYS[2], '(' .. ARGV[1] .. '-0', '+', 'COUNT', ARGV[2])
end
return {position[1], position[2] or '0', oldest, entries}
)lua";

// Removes those whose time has passed, in pieces, because Lua's stack is limited.
constexpr std::string_view expire_members = R"lua(
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local gone = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now))
for first = 1, #gone, 1000 do
  local last = math.min(first + 999, #gone)
  redis.call('ZREM', KEYS[1], unpack(gone, first, last))
  redis.call('HDEL', KEYS[2], unpack(gone, first, last))
end
)lua";

constexpr std::string_view add_presence_source = R"lua(
redis.call('ZADD', KEYS[1], string.format('%.0f', now + ARGV[3]), ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
local last = redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')
local expiry = string.format('%.0f', tonumber(last[2]))
redis.call('PEXPIREAT', KEYS[1], expiry)
redis.call('PEXPIREAT', KEYS[2], expiry)
return redis.status_reply('OK')
)lua";

constexpr std::string_view remove_presence_source = R"lua(
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[2], ARGV[1])
return redis.status_reply('OK')
)lua";

constexpr std::string_view presence_source = R"lua(
return redis.call('HGETALL', KEYS[2])
)lua";

redis_script make(std::string source) {
  constexpr std::string_view digits = "0123456789abcdef";
  redis_script out{.source = std::move(source), .sha1 = {}};
  for (const std::byte one : sha1(std::as_bytes(std::span(out.source)))) {
    out.sha1 += digits[std::to_integer<unsigned>(one) >> 4];
    out.sha1 += digits[std::to_integer<unsigned>(one) & 15];
  }
  return out;
}

}  // namespace

const redis_script& publish_script() {
  static const redis_script script = make(std::string(publish_source));
  return script;
}
const redis_script& history_script() {
  static const redis_script script = make(std::string(history_source));
  return script;
}
const redis_script& add_presence_script() {
  static const redis_script script = make(std::string(expire_members) + std::string(add_presence_source));
  return script;
}
const redis_script& remove_presence_script() {
  static const redis_script script = make(std::string(remove_presence_source));
  return script;
}
const redis_script& presence_script() {
  static const redis_script script = make(std::string(expire_members) + std::string(presence_source));
  return script;
}

std::string redis_command_text(std::span<const std::string_view> arguments) {
  std::vector<const char*> texts;
  std::vector<std::size_t> sizes;
  texts.reserve(arguments.size());
  sizes.reserve(arguments.size());
  for (const std::string_view one : arguments) {
    texts.push_back(one.data() ? one.data() : "");
    sizes.push_back(one.size());
  }
  char* text = nullptr;
  const auto size = redisFormatCommandArgv(&text, static_cast<int>(arguments.size()), texts.data(), sizes.data());
  const std::unique_ptr<char, void (*)(char*)> owner(text, redisFreeCommand);
  if (size < 0 || !text) throw std::bad_alloc();
  return {text, static_cast<std::size_t>(size)};
}

}  // namespace twinsocket::detail
