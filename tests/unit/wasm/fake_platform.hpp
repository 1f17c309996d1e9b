#pragma once

// The JavaScript side of wasm/src/javascript.hpp, with a WebSocket and a clock that a test controls.

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

class fake_platform {
 public:
  fake_platform();
  fake_platform(const fake_platform&) = delete;
  fake_platform& operator=(const fake_platform&) = delete;
  ~fake_platform();

  // What C++ has done with the only socket.
  std::string url;
  std::vector<std::string> subprotocols;
  std::vector<std::pair<bool, std::string>> sent;  ///< Whether it is text, and the bytes.
  int close_code = 0;
  std::string close_reason;
  double timer_delay = 0;
  bool dropped = false;

  // What the platform does.
  std::string refusal;       ///< Why no socket can be created, or "".
  int page = 3;              ///< Bits: 1 for online, 2 for visible.
  std::size_t buffered = 0;  ///< Buffered bytes of the socket; set by the test only.

  void open(std::string_view subprotocol = {});
  /// Returns false if C++ refuses the message.
  bool deliver(std::string_view bytes, bool is_text = true);
  void end(int code, std::string_view reason = {}, std::string_view why = {});
  void fire_timer();
  void set_page_state(int bits);
  /// Advances the time, and runs the loop if its timer has expired.
  void advance(double milliseconds);
  /// Runs the loop if it asked to be called soon.
  void settle();

  static fake_platform* current;

 private:
  friend struct fake_functions;
  void* socket_ = nullptr;
  double wake_at_ = -1;
  bool wake_soon_ = false;
};
