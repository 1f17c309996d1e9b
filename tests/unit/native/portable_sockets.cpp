// A suite that is run with TWINSOCKET_TEST_PORTABLE_SOCKETS set leaves all sockets to Asio, as platforms without epoll do.

#include <cstdlib>

#include "transport/event_loop.hpp"

namespace {

[[maybe_unused]] const bool portable = twinsocket::detail::event_loop::portable_sockets =
    std::getenv("TWINSOCKET_TEST_PORTABLE_SOCKETS") != nullptr;

}  // namespace
