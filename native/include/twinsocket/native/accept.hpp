#pragma once

// Server side of the opening handshake, on a socket that your program has accepted.
//
//   task<void> serve(tcp::socket socket, http::request<http::string_body> asked, beast::flat_buffer rest) {
//     auto opened = co_await native::accept(std::move(socket), asked, rest.data());
//     if (opened) ...
//   }

#include "twinsocket/detail/cxx20.hpp"

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/buffers_iterator.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/write.hpp>
#include <sstream>
#include <string>
#include <utility>

#include "twinsocket/connection.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/native/options.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket {
inline namespace native {

/// Opens a WebSocket on a connected stream socket. Takes ownership of the descriptor, also on failure. `received` holds the
/// bytes that you have already read from it: part of the request header, all of it, or more. The rest of the header is read
/// here, within limits::handshake_timeout. The header may have at most 16 KiB.
///
/// `options` are those of a server's route: subprotocols, origins (default: same origin only), limits, compression. Its
/// request_hook() is not called. A refused request gets the HTTP status that a server would send, and the error is
/// errc::handshake_failed with the reason. Other errors: invalid_argument, timed_out, system.
///
/// The connection belongs to the event loop of the calling task. If that task is destroyed during the handshake, the
/// handshake completes in the background and the connection then closes.
[[nodiscard]] task<result<connection>> accept_descriptor(int socket, std::string received,
                                                         websocket_options options = {});

/// Overload for an Asio socket, which may belong to any io_context.
template <class Protocol, class Executor>
[[nodiscard]] task<result<connection>> accept(boost::asio::basic_stream_socket<Protocol, Executor> socket,
                                              std::string received = {}, websocket_options options = {}) {
  boost::system::error_code failure;
  const auto descriptor = socket.release(failure);
  if (failure) return accept_descriptor(-1, {}, {});
  return accept_descriptor(descriptor, std::move(received), std::move(options));
}

/// Overload for a request that Beast has parsed. `remainder` holds the bytes read beyond it, in any buffer sequence.
template <class Protocol, class Executor, class Body, class Fields, class Buffers>
[[nodiscard]] task<result<connection>> accept(boost::asio::basic_stream_socket<Protocol, Executor> socket,
                                              const boost::beast::http::request<Body, Fields>& req,
                                              const Buffers& remainder, websocket_options options = {}) {
  std::ostringstream text;
  text << req.base();
  std::string received = std::move(text).str();
  received.append(boost::asio::buffers_begin(remainder), boost::asio::buffers_end(remainder));
  return accept(std::move(socket), std::move(received), std::move(options));
}

}  // namespace native
}  // namespace twinsocket
