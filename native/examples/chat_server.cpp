// Chat rooms on topics. usage: chat_server [PORT]
//
// ws://127.0.0.1:PORT/chat/ROOM?name=NAME: clients send {"text": "..."} as JSON. The server adds the sender's name and the
// event, and sends the message to everybody in the room.

#include <boost/describe.hpp>
#include <string>

#include "server_arguments.hpp"
#include "twinsocket/describe.hpp"
#include "twinsocket/json.hpp"
#include "twinsocket/native/server.hpp"
#include "twinsocket/native/topics.hpp"

struct chat_message {
  std::string event;  // said, joined or left
  std::string name;
  std::string text;
};
BOOST_DESCRIBE_STRUCT(chat_message, (), (event, name, text))
TWINSOCKET_NAMES(chat_message, "ChatMessage", (text, required))

namespace {

using namespace twinsocket;

task<void> chat(connection socket, const request& req, topics& rooms) {
  const std::string room(req.parameter("room"));
  const std::string name = req.query("name").value_or("somebody");

  // Sends the room's history first, then every message published to the room until the subscription is destroyed.
  const auto subscription = rooms.subscribe(socket, room);
  rooms.publish(room, json, chat_message{"joined", name, ""}, publish_options().retain(false));
  for (;;) {
    const auto said = co_await socket.receive<chat_message>(json);
    if (!said) {
      // Either the connection has ended and close() does nothing, or the message was not a valid chat_message.
      socket.close(close_code::invalid_payload, said.error().detail());
      break;
    }
    rooms.publish(room, json, chat_message{"said", name, said->text});
  }
  rooms.publish(room, json, chat_message{"left", name, ""}, publish_options().retain(false));
}

}  // namespace

int main(int count, char** arguments) {
  const auto port = parse_server_arguments(count, arguments);
  if (!port) return 2;

  topics rooms(topic_options().history(20));
  server server{{.address = "127.0.0.1", .port = *port}};
  server.websocket("/chat/{room}",
                   [&](connection socket, const request& req) { return chat(std::move(socket), req, rooms); });
  return serve(server, "serving on ws://127.0.0.1:PORT/chat/ROOM");
}
