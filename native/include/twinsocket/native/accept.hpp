#pragma once

// The server's side of the opening handshake on a socket that a program of yours has accepted, with what it has read.
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

namespace twinsocket::native {

/// Opens a WebSocket on a connected stream socket, given by its descriptor, which is taken over in any case. `received` is
/// what was read from it before: a part of the request's header, all of it, or more. The rest of the header is read here,
/// within limits::handshake_time; it may have 16 KiB.
///
/// `options` are those of a server's route: subprotocols, origins (same origin by default), limits, compression; its
/// request_hook() is not asked. What is refused is answered with the status that a server would give, and the error is
/// errc::handshake_failed with the reason. Other errors: invalid_argument, timed_out, system.
///
/// The connection lives on the event loop of the task that calls this. A task that is destroyed meanwhile leaves the
/// handshake to end by itself, and the connection closes.
[[nodiscard]] task<result<connection>> accept_descriptor(int socket, std::string received, websocket_options options = {});

/// The same on a socket of Asio's, of any io_context.
template <class Protocol, class Executor>
[[nodiscard]] task<result<connection>> accept(boost::asio::basic_stream_socket<Protocol, Executor> socket,
                                              std::string received = {}, websocket_options options = {}) {
  boost::system::error_code failure;
  const auto descriptor = socket.release(failure);
  if (failure) return accept_descriptor(-1, {}, {});
  return accept_descriptor(descriptor, std::move(received), std::move(options));
}

/// The same with a request that Beast has parsed, and what it has read beyond it (any buffers).
template <class Protocol, class Executor, class Body, class Fields, class Buffers>
[[nodiscard]] task<result<connection>> accept(boost::asio::basic_stream_socket<Protocol, Executor> socket,
                                              const boost::beast::http::request<Body, Fields>& asked,
                                              const Buffers& behind, websocket_options options = {}) {
  std::ostringstream text;
  text << asked.base();
  std::string received = std::move(text).str();
  received.append(boost::asio::buffers_begin(behind), boost::asio::buffers_end(behind));
  return accept(std::move(socket), std::move(received), std::move(options));
}

}  // namespace twinsocket::native
