#include "fake_platform.hpp"

#include <cstring>

#include "browser_socket.hpp"
#include "javascript.hpp"

using twinsocket::detail::browser_socket;

extern "C" {
std::byte* twinsocket_prepare_transfer(std::size_t written, std::size_t more);
void twinsocket_opened(browser_socket* socket, double now);
int twinsocket_received(browser_socket* socket, int is_text, std::size_t size, double now);
void twinsocket_ended(browser_socket* socket, int code, std::size_t reason_size, double now);
void twinsocket_socket_timer(browser_socket* socket, double now);
void twinsocket_turn();
void twinsocket_page_changed(int bits);
}

fake_platform* fake_platform::current = nullptr;

namespace {

// The loop outlives a test, and so does its time.
double now = 1000;

std::size_t write_to_scratch(std::string_view text) {
  std::byte* const room = twinsocket_prepare_transfer(0, text.size());
  if (!text.empty()) std::memcpy(room, text.data(), text.size());
  twinsocket_prepare_transfer(text.size(), 0);
  return text.size();
}

}  // namespace

struct fake_functions {
  static fake_platform& platform() { return *fake_platform::current; }
  static browser_socket* socket() { return static_cast<browser_socket*>(platform().socket_); }

  static int open(void* socket, std::string_view url, std::string_view names) {
    fake_platform& self = platform();
    self.url = url;
    while (!names.empty()) {
      self.subprotocols.emplace_back(names.substr(0, names.find('\0')));
      names.remove_prefix(self.subprotocols.back().size() + 1);
    }
    if (!self.refusal.empty()) {
      write_to_scratch(self.refusal);
      return 1;
    }
    self.socket_ = socket;
    return 0;
  }
  static void drop(void* socket) {
    if (platform().socket_ != socket) return;
    platform().socket_ = nullptr;
    platform().dropped = true;
  }
  static void wake_soon() { platform().wake_soon_ = true; }
  static void wake_in(double milliseconds) { platform().wake_at_ = milliseconds < 0 ? -1 : now + milliseconds; }
};

fake_platform::fake_platform() { current = this; }

// The next test uses the same loop, so nothing may be left in it.
fake_platform::~fake_platform() {
  settle();
  if (socket_) end(1006);
  settle();
  current = nullptr;
}

void fake_platform::open(std::string_view subprotocol) {
  write_to_scratch(subprotocol);
  twinsocket_opened(fake_functions::socket(), now);
}

bool fake_platform::deliver(std::string_view bytes, bool is_text) {
  return twinsocket_received(fake_functions::socket(), is_text, write_to_scratch(bytes), now) != 0;
}

void fake_platform::end(int code, std::string_view reason, std::string_view why) {
  browser_socket* const ended = fake_functions::socket();
  socket_ = nullptr;
  const std::size_t size = write_to_scratch(reason);
  write_to_scratch(why);
  twinsocket_ended(ended, code, size, now);
}

void fake_platform::fire_timer() { twinsocket_socket_timer(fake_functions::socket(), now); }

void fake_platform::advance(double milliseconds) {
  now += milliseconds;
  if (wake_at_ < 0 || wake_at_ > now) return;
  wake_at_ = -1;
  twinsocket_turn();
}

void fake_platform::set_page_state(int bits) {
  page = bits;
  twinsocket_page_changed(bits);
  settle();
}

void fake_platform::settle() {
  while (std::exchange(wake_soon_, false)) twinsocket_turn();
}

extern "C" {

int twinsocket_js_open(void* socket, const char* url, std::size_t url_size, const char* names, std::size_t names_size) {
  return fake_functions::open(socket, {url, url_size}, {names, names_size});
}
int twinsocket_js_send(void*, int is_text, const std::byte* data, std::size_t size) {
  fake_platform::current->sent.emplace_back(is_text != 0, std::string(reinterpret_cast<const char*>(data), size));
  return 1;
}
void twinsocket_js_send_heartbeat(void*) { fake_platform::current->sent.emplace_back(true, std::string(1, '\0')); }
void twinsocket_js_close(void*, int code, const char* reason, std::size_t size) {
  fake_platform::current->close_code = code;
  fake_platform::current->close_reason.assign(reason, size);
}
void twinsocket_js_drop(void* socket) {
  if (fake_platform::current) fake_functions::drop(socket);
}
void twinsocket_js_set_timer(void*, double milliseconds) { fake_platform::current->timer_delay = milliseconds; }
std::size_t twinsocket_js_buffered(void*) { return fake_platform::current->buffered; }
int twinsocket_js_watch_page() { return fake_platform::current ? fake_platform::current->page : 3; }
double twinsocket_js_now() { return now; }
void twinsocket_js_wake() { fake_functions::wake_soon(); }
void twinsocket_js_set_wake_timer(double milliseconds) { fake_functions::wake_in(milliseconds); }

}  // extern "C"
