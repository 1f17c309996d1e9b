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

constexpr std::size_t max_name_size = 64;
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

task<void> chat(connection socket, const request& req, topics& rooms) {
  const std::string room = room_of(req);
  const std::string name = name_of(req);
  const auto publish = [&](const char* event, std::string text, const publish_options& how) {
    rooms.publish(room, json, demo::chat_message{event, name, std::move(text), wall_clock_milliseconds()}, how);
  };
  const auto listening = rooms.subscribe(socket, room);
  publish("joined", "", publish_options().retain(false));
  for (;;) {
    auto said = co_await socket.receive<demo::chat_message>(json);
    if (!said) {
      // close() has no effect if receive() failed because the connection ended.
      socket.close(close_code::invalid_payload, said.error().detail());
      break;
    }
    publish("said", std::move(said->text), {});
  }
  publish("left", "", publish_options().retain(false).exclude(socket));
}

}  // namespace

bool is_chat_name(const std::string& text) {
  const auto is_control = [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; };
  return !text.empty() && text.size() <= max_name_size && std::none_of(text.begin(), text.end(), is_control) &&
         to_valid_utf8(text) == text;
}

std::string chat_name_rule() { return "a name is 1 to " + std::to_string(max_name_size) + " bytes of printable UTF-8"; }

void add_chat(server& to, websocket_options options) {
  options.limits(limits(options.limits()).max_message_size(max_chat_message_size)).on_request(check_request);
  const auto rooms = std::make_shared<topics>(topic_options().history(history));
  const auto handler = [rooms](connection socket, const request& req) { return chat(std::move(socket), req, *rooms); };
  to.websocket("/chat", options, handler);
  to.websocket("/chat/{room}", options, handler);
}

}  // namespace twinsocket::app
