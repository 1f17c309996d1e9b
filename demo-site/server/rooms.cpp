#include "demo-site/server/rooms.hpp"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>

#include "sensors/valid_utf8.hpp"

namespace twinsocket::app {

namespace {

// Strangers use them, so everything has a limit of its own, far below those of the library.
constexpr std::size_t max_rooms = 200;  // with somebody in them
constexpr std::size_t max_rooms_of_client = 10;
constexpr std::size_t max_name_size = 64;
constexpr std::size_t max_channel_name_size = std::string_view("chat:").size() + max_name_size;
constexpr std::size_t max_message_size = 4 * kib;
constexpr double max_messages_per_second = 5;

task<result<channel_user>> name_user(const request&, std::string token) {
  if (token.empty()) token = "somebody";
  if (!is_chat_name(token)) co_return error(errc::invalid_argument, chat_name_rule());
  channel_user known;
  known.user = std::move(token);
  co_return known;
}

task<result<void>> check_message(const channel_user&, std::string_view, const message& what) {
  if (what.kind() != message_kind::text) co_return error(errc::invalid_argument, "a message of a room is text");
  co_return result<void>();
}

}  // namespace

bool is_chat_name(const std::string& text) {
  const auto is_control = [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; };
  return !text.empty() && text.size() <= max_name_size && std::none_of(text.begin(), text.end(), is_control) &&
         to_valid_utf8(text) == text;
}

std::string chat_name_rule() { return "a name is 1 to " + std::to_string(max_name_size) + " bytes of printable UTF-8"; }

std::shared_ptr<channels> make_rooms(std::shared_ptr<broker> where, std::size_t history) {
  auto rooms = std::make_shared<channels>(std::move(where), channels_options()
                                                                .on_connect(name_user)
                                                                .max_name_bytes(max_channel_name_size)
                                                                .max_subscriptions(max_rooms_of_client)
                                                                .max_publications_per_second(max_messages_per_second));
  const auto chat = channel_options()
                        .history(history, std::chrono::hours(1))
                        .presence(true)
                        .announce_members(true)
                        .max_channels(max_rooms)
                        .client_publish(true)
                        .max_publication_bytes(max_message_size)
                        .on_publish(check_message);
  static_cast<void>(rooms->add("chat", chat));
  return rooms;
}

}  // namespace twinsocket::app
