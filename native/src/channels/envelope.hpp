#pragma once

// What the channels of a server pass through the broker, in CBOR. A publication has no offset: the broker gives it one.

#include <string>
#include <string_view>
#include <variant>

#include "twinsocket/channel_protocol.hpp"
#include "twinsocket/error.hpp"

namespace twinsocket::detail {

using broker_event = std::variant<channel_protocol::publication, channel_protocol::joined, channel_protocol::left>;

/// errc::invalid_utf8 for text that is not UTF-8.
[[nodiscard]] result<std::string> encode_event(const broker_event& what);
[[nodiscard]] result<broker_event> decode_event(std::string_view bytes);

[[nodiscard]] result<std::string> encode_member(const channel_protocol::member& who);
[[nodiscard]] result<channel_protocol::member> decode_member(std::string_view bytes);

}  // namespace twinsocket::detail
