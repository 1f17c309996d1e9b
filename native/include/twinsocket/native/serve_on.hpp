#pragma once

// A server on io_contexts that your program runs, beside whatever else it does there.
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

namespace twinsocket::native {

/// Listens, as server::listen() does, and serves on these io_contexts from now on: one acceptor and its connections on each,
/// instead of server_options::threads. Each io_context is run by one thread. The errors are those of server::listen().
///
/// server::stop() ends it as it ends server::run(): gracefully, in the background. `done` is called at the end, on the thread
/// of the io_context that ended last. Destroying the server stops it likewise; what serves lives on until then. An
/// io_context that is destroyed before destroys the conversations that it has.
[[nodiscard]] result<std::uint16_t> serve_on(server& what, std::vector<boost::asio::io_context*> contexts,
                                             std::function<void()> done = {});

}  // namespace twinsocket::native
