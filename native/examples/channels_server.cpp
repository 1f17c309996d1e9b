// Channels for clients in C++ and JavaScript. usage: channels_server [PORT]
//
// ws://127.0.0.1:PORT/channels: everybody may read and write in "chat:ROOM", which keeps a history and tells who is there. In
// "news:activity" the server tells who writes where. A client's token is its name; it must have one.

#include <boost/describe.hpp>
#include <string>
#include <string_view>

#include "server_arguments.hpp"
#include "twinsocket/describe.hpp"
#include "twinsocket/json.hpp"
#include "twinsocket/native/channels.hpp"

struct activity {
  std::string user;
  std::string channel;
};
BOOST_DESCRIBE_STRUCT(activity, (), (user, channel))

namespace {

using namespace twinsocket;

task<result<channel_user>> admit(const request&, std::string token) {
  if (token.empty()) co_return error(errc::cancelled, "the token must be a name");
  co_return channel_user{.client = {}, .user = std::move(token), .info = {}};
}

task<result<void>> announce(channels& all, const channel_user& who, std::string_view channel) {
  const activity written{who.user, std::string(channel)};
  const auto published = co_await all.publish("news:activity", json, written);
  if (!published) co_return published.error();
  co_return result<void>();
}

}  // namespace

int main(int count, char** arguments) {
  const auto port = parse_server_arguments(count, arguments);
  if (!port) return 2;

  channels all(memory_broker(), channels_options().on_connect(admit));
  auto chat = channel_options().history(100).presence(true).announce_members(true).client_publish(true);
  chat.on_publish(
      [&](const channel_user& who, std::string_view channel, const message&) { return announce(all, who, channel); });
  // A name that is added twice, or has a colon, is an error.
  if (!all.add("chat", chat) || !all.add("news", channel_options().history(10))) return 2;
  server server{{.address = "127.0.0.1", .port = *port}};
  all.serve(server, "/channels");
  return serve(server, "serving on ws://127.0.0.1:PORT/channels");
}
