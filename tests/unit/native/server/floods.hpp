#pragma once

// Clients that send without reading and violate the protocol in the middle.

#include <string>
#include <string_view>
#include <vector>

#include "raw_client.hpp"
#include "running_server.hpp"

struct flood {
  std::string bytes;
  int close_code;  ///< The close code that the server must send.
};

/// A frame of a fragmented message.
[[nodiscard]] inline std::string client_fragment(int opcode, bool last, std::string_view payload) {
  std::string bytes = client_frame(opcode, payload);
  if (!last) bytes[0] = static_cast<char>(bytes[0] & 0x7f);
  return bytes;
}

/// Bytes before and after the violation, more than a server reads at once.
[[nodiscard]] inline std::vector<flood> floods() {
  const std::string message = client_text(std::string(1'000, 'x'));
  std::string before;
  for (int i = 0; i < 100; ++i) before += message;
  std::string behind;
  for (int i = 0; i < 1'000; ++i) behind += message;
  std::string invalid_text = client_fragment(1, false, "caf\xc3");
  for (int i = 0; i < 100; ++i) invalid_text += client_fragment(0, false, std::string(1, "\xa9\xc3"[i % 2]));
  invalid_text += client_fragment(0, true, "\xff");
  return {
      {before + invalid_text + behind, 1007},
      {before + client_frame(3, "a reserved opcode") + behind, 1002},
      {before + client_text(std::string(100'001, 'x')) + behind, 1009},
      // The server itself closes while more messages are in transit than its receive queue holds.
      {client_text("close") + behind + behind + behind, 4001},
  };
}

/// Receives, and closes with 4001 on request. Nothing is received after that.
inline twinsocket::task<void> close_on_request(twinsocket::connection socket) {
  while (const auto message = co_await socket.receive()) {
    if (message->text() != "close") continue;
    // Lets the following messages arrive; they are not received.
    co_await twinsocket::sleep_for(std::chrono::milliseconds(5));
    co_await socket.close(static_cast<twinsocket::close_code>(4001));
    co_return;
  }
}

inline void add_flooded_routes(twinsocket::server& to) {
  to.websocket("/obey", twinsocket::websocket_options().limits(twinsocket::limits().max_message_size(100'000)),
               close_on_request);
}

inline constexpr int flood_rounds = 1'000;
