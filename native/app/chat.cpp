#include "chat.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "demo-site/messages.hpp"
#include "sensors/source.hpp"
#include "sensors/valid_utf8.hpp"
#include "twinsocket/json.hpp"
#include "twinsocket/native/topics.hpp"

namespace twinsocket::app {

namespace {

constexpr std::size_t longest_name = 64;
constexpr std::size_t longest_message = 4 * kib;
constexpr std::size_t history = 20;

std::string room_of(const request& asked) {
  const std::string_view room = asked.parameter("room");
  return std::string(room.empty() ? "lobby" : room);
}

std::string name_of(const request& asked) { return asked.query("name").value_or("somebody"); }

bool is_name(const std::string& text) {
  const auto is_control = [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; };
  return !text.empty() && text.size() <= longest_name && std::none_of(text.begin(), text.end(), is_control) &&
         to_valid_utf8(text) == text;
}

admission let_in(const request& asked) {
  for (const std::string& name : {room_of(asked), name_of(asked)})
    if (!is_name(name))
      return response::text("a name is 1 to " + std::to_string(longest_name) + " bytes of printable UTF-8\n").status(400);
  return {};
}

task<void> chat(connection socket, const request& asked, topics& rooms) {
  const std::string room = room_of(asked);
  const std::string name = name_of(asked);
  const auto tell = [&](const char* event, std::string text, const publish_options& how) {
    rooms.publish(room, json, demo::chat_message{event, name, std::move(text), wall_clock_milliseconds()}, how);
  };
  const auto listening = rooms.subscribe(socket, room);
  tell("joined", "", publish_options().keep(false));
  for (;;) {
    auto said = co_await socket.receive<demo::chat_message>(json);
    if (!said) {
      // close() has no effect if receive() failed because the connection ended.
      socket.close(close_code::invalid_payload, said.error().detail());
      break;
    }
    tell("said", std::move(said->text), {});
  }
  tell("left", "", publish_options().keep(false).except(socket));
}

}  // namespace

void add_chat(server& to, websocket_options options) {
  options.limits(limits(options.limits()).max_message(longest_message)).on_request(let_in);
  const auto rooms = std::make_shared<topics>(topic_options().history(history));
  const auto handler = [rooms](connection socket, const request& asked) {
    return chat(std::move(socket), asked, *rooms);
  };
  to.websocket("/chat", options, handler);
  to.websocket("/chat/{room}", options, handler);
}

}  // namespace twinsocket::app
