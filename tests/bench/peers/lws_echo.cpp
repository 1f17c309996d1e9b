// An echo server on libwebsockets, as its README.coding.md recommends: it writes only in the callback for a writable socket,
// one lws_write() in each (a second one is an error), in pieces that the kernel takes whole, and reads nothing from a peer
// whose queue is full. With buffers larger than the default of 4 KiB, because they limit each read and write. Checks that text
// is UTF-8, which is an option. Prints its port. With the files of a certificate and its key it uses TLS.
//
// The default event loop is poll(), which needs less CPU for 64 connections than libev and libuv, but minutes for opening
// 10,000. `lws_echo many` uses libev.

#include <libwebsockets.h>

#include <algorithm>
#include <iostream>
#include <list>
#include <memory>
#include <string>

namespace {

constexpr std::size_t buffer_size = 64 * 1024, max_queued = 64;

struct message {
  std::string bytes = std::string(LWS_PRE, '\0');  // lws_write() puts the frame's header in front of the payload
  bool binary = false;
};

struct session {
  message incoming;
  std::list<message> outgoing;
  std::size_t written = 0;  // payload bytes of the first outgoing message
};

void receive(lws* socket, session& self, const char* bytes, std::size_t size) {
  const std::size_t rest = lws_remaining_packet_payload(socket);
  std::string& to = self.incoming.bytes;
  if (to.size() == LWS_PRE) to.reserve(LWS_PRE + size + rest);
  to.append(bytes, size);
  if (rest != 0 || !lws_is_final_fragment(socket)) return;
  self.incoming.binary = lws_frame_is_binary(socket) != 0;
  self.outgoing.push_back(std::move(self.incoming));
  self.incoming = {};
  if (self.outgoing.size() == max_queued) lws_rx_flow_control(socket, 0);
  lws_callback_on_writable(socket);
}

int send(lws* socket, session& self) {
  if (self.outgoing.empty()) return 0;
  message& first = self.outgoing.front();
  const std::size_t rest = first.bytes.size() - LWS_PRE - self.written, size = std::min(rest, buffer_size);
  const auto kind = first.binary ? LWS_WRITE_BINARY : LWS_WRITE_TEXT;
  const int flags = lws_write_ws_flags(kind, self.written == 0, size == rest);
  auto* const bytes = reinterpret_cast<unsigned char*>(first.bytes.data()) + LWS_PRE + self.written;
  if (lws_write(socket, bytes, size, static_cast<lws_write_protocol>(flags)) < 0) return -1;
  self.written += size;
  if (size == rest) {
    self.outgoing.pop_front();
    self.written = 0;
  }
  if (self.outgoing.empty()) {
    lws_rx_flow_control(socket, 1);
  } else {
    lws_callback_on_writable(socket);
  }
  return 0;
}

int handle(lws* socket, lws_callback_reasons reason, void* user, void* in, std::size_t size) {
  auto* const self = static_cast<session*>(user);
  switch (reason) {
    case LWS_CALLBACK_ESTABLISHED: new (self) session; return 0;
    case LWS_CALLBACK_CLOSED: std::destroy_at(self); return 0;
    case LWS_CALLBACK_RECEIVE: receive(socket, *self, static_cast<const char*>(in), size); return 0;
    case LWS_CALLBACK_SERVER_WRITEABLE: return send(socket, *self);
    default: return lws_callback_http_dummy(socket, reason, user, in, size);
  }
}

}  // namespace

int main(int count, char** words) {
  lws_set_log_level(LLL_ERR, nullptr);
  lws_protocols protocols[2]{};
  protocols[0].name = "echo";
  protocols[0].callback = handle;
  protocols[0].per_session_data_size = sizeof(session);
  protocols[0].rx_buffer_size = buffer_size;
  lws_context_creation_info info{};
  info.options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS | LWS_SERVER_OPTION_DISABLE_IPV6 | LWS_SERVER_OPTION_VALIDATE_UTF8;
  info.pt_serv_buf_size = 2 * buffer_size;
  info.protocols = protocols;
  info.iface = "127.0.0.1";
  info.port = 0;
  if (count == 2) info.options |= LWS_SERVER_OPTION_LIBEV;
  if (count == 3) {
    info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
    info.ssl_cert_filepath = words[1];
    info.ssl_private_key_filepath = words[2];
  }
  lws_context* const context = lws_create_context(&info);
  lws_vhost* const host = context ? lws_create_vhost(context, &info) : nullptr;
  if (!host) {
    std::cerr << "lws_echo: libwebsockets did not start\n";
    return 1;
  }
  std::cout << lws_get_vhost_listen_port(host) << std::endl;
  while (lws_service(context, 0) >= 0) continue;
}
