#include "transport/socket_timeout.hpp"

#include "test.hpp"
#include <boost/asio/ip/tcp.hpp>
#include <chrono>

#include "server/acceptor.hpp"
#include "twinsocket/native/asio.hpp"
#include "twinsocket/native/run.hpp"

using namespace std::chrono_literals;
using twinsocket::sleep_for;
using twinsocket::task;
using twinsocket::detail::event_loop;
using twinsocket::detail::port_sharing;
using twinsocket::detail::socket_timeout;
using twinsocket::detail::stream_socket;
using twinsocket::detail::tcp_endpoint;
using twinsocket::native::use_task;

namespace {

// Both ends of a connection on which nothing is sent.
struct silence {
  silence() : here(event_loop::current().context()), there(event_loop::current().context()) {
    auto& context = event_loop::current().context();
    auto listening = twinsocket::detail::open_acceptor(context, {boost::asio::ip::address_v4::loopback(), 0},
                                                       port_sharing::exclusive);
    here.connect(listening->local_endpoint());
    listening->accept(there);
  }
  stream_socket here;
  stream_socket there;
};

}  // namespace

TEST_CASE("a pending operation is aborted when socket_timeout expires") {
  twinsocket::native::run([]() -> task<void> {
    silence s;
    socket_timeout limit(s.here);
    limit.set(1ms);
    const auto failure = co_await s.here.async_wait(stream_socket::wait_read, use_task);
    CHECK(failure == boost::asio::error::operation_aborted);
    CHECK(limit.expired());
  }());
}

TEST_CASE("an operation started after socket_timeout has expired is aborted") {
  twinsocket::native::run([]() -> task<void> {
    silence s;
    socket_timeout limit(s.here);
    limit.set(1ms);
    co_await sleep_for(5ms);
    CHECK(limit.expired());
    const auto failure = co_await s.here.async_wait(stream_socket::wait_read, use_task);
    CHECK(failure == boost::asio::error::operation_aborted);
  }());
}

TEST_CASE("clear() and a later set() keep the operation pending") {
  twinsocket::native::run([]() -> task<void> {
    silence s;
    socket_timeout limit(s.here);
    limit.set(1ms);
    limit.clear();
    socket_timeout later(s.here);
    later.set(1ms);
    later.set(1h);
    co_await sleep_for(5ms);
    CHECK_FALSE(limit.expired());
    CHECK_FALSE(later.expired());
    s.there.send(boost::asio::buffer("!", 1));
    const auto failure = co_await s.here.async_wait(stream_socket::wait_read, use_task);
    CHECK_FALSE(failure);
  }());
}
