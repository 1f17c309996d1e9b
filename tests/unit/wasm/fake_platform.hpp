#pragma once

// JavaScript's side of wasm/src/javascript.hpp, with a WebSocket and a clock that a test moves by hand.

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

  // What C++ did with the only socket.
  std::string url;
  std::vector<std::string> subprotocols;
  std::vector<std::pair<bool, std::string>> sent;  ///< Text or not, and the bytes.
  int close_code = 0;
  std::string close_reason;
  double alarm = 0;
  bool dropped = false;

  // What the platform does.
  std::string refusal;       ///< Why no socket can be made, or "".
  int page = 3;              ///< 1 for a network, and 2 for a page that somebody looks at.
  std::size_t buffered = 0;  ///< What the socket holds; it does not grow by itself.

  void open(std::string_view subprotocol = {});
  /// False when C++ does not want the message.
  bool deliver(std::string_view bytes, bool is_text = true);
  void end(int code, std::string_view reason = {}, std::string_view why = {});
  void ring();
  void change_page(int bits);
  /// Lets time pass, and turns the loop when it asked for that.
  void pass(double milliseconds);
  /// Turns the loop if it asked to be called soon.
  void settle();

  static fake_platform* current;

 private:
  friend struct fake_functions;
  void* socket_ = nullptr;
  double wake_at_ = -1;
  bool wake_soon_ = false;
};
