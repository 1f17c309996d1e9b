#pragma once

// Runs a server on io_contexts of your program.
//
//   boost::asio::io_context io(1);
//   twinsocket::server server({.port = 8080});
//   server.websocket("/echo", echo);
//   const auto port = native::serve_on(server, {&io});
//   io.run();

#include "twinsocket/detail/cxx20.hpp"

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <vector>

#include "twinsocket/error.hpp"
#include "twinsocket/native/server.hpp"

namespace twinsocket {
inline namespace native {

/// Listens as server::listen() does, and serves on these io_contexts from then on: one acceptor and its connections on each.
/// server_options::threads is ignored. Run each io_context by exactly one thread. The errors are those of server::listen().
///
/// server::stop() ends serving gracefully and in the background, as it does for server::run(). `done` is called at the end,
/// on the thread of the io_context that finished last. Destroying the server has the same effect; the internal state lives
/// until serving has ended. Destroying an io_context earlier destroys its connections' handlers.
///
/// When memory runs out, a failing allocation closes the connection that it is for, with 1011. One that fails inside Asio
/// leaves io_context::run() as std::bad_alloc: catch it and call run() again, as server::run() does.
[[nodiscard]] result<std::uint16_t> serve_on(server& what, std::vector<boost::asio::io_context*> contexts,
                                             std::function<void()> done = {});

}  // namespace native
}  // namespace twinsocket
