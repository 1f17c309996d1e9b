#include "chat.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "demo-site/messages.hpp"
#include "demo-site/server/rooms.hpp"
#include "twinsocket/json.hpp"

namespace twinsocket::app {

namespace {

constexpr std::size_t max_chat_message_size = 4 * kib;
constexpr std::size_t history = 20;

std::string room_of(const request& req) {
  const std::string_view room = req.parameter("room");
  return std::string(room.empty() ? "lobby" : room);
}

std::string name_of(const request& req) { return req.query("name").value_or("somebody"); }

admission check_request(const request& req) {
  for (const std::string& name : {room_of(req), name_of(req)})
    if (!is_chat_name(name)) return response::text(chat_name_rule() + "\n").status(400);
  return {};
}

std::optional<result<message>> encode(const plain_channel_event& event, std::string_view) {
  const char* what = "said";
  if (event.what == plain_channel_event::kind::joined) what = "joined";
  if (event.what == plain_channel_event::kind::left) what = "left";
  return json.encode(demo::chat_message{what, event.who ? event.who->user : "", std::string(event.content.text()),
                                        event.time.count()});
}

result<message> decode(const message& received, std::string_view) {
  const auto said = json.decode<demo::chat_message>(received);
  if (!said) return said.error();
  return message(said->text);
}

}  // namespace

void add_chat(server& to, channels& rooms, websocket_options options) {
  options.limits(limits(options.limits()).max_message_size(max_chat_message_size)).on_request(check_request);
  const auto route = plain_channel([](const request& req) { return "chat:" + room_of(req); })
                         .user([](const request& req) { return channel_user{.user = name_of(req)}; })
                         .encode(encode)
                         .decode(decode)
                         .history(history);
  rooms.serve(to, "/chat", route, options);
  rooms.serve(to, "/chat/{room}", route, options);
}

}  // namespace twinsocket::app
