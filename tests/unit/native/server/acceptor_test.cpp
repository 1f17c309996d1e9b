#include "server/acceptor.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include "test.hpp"
#include "raw_client.hpp"

using namespace twinsocket::detail;

namespace {

bool accepts_without_delay(stream_acceptor& acceptor) {
  const auto where = to_tcp_endpoint(acceptor.local_endpoint());
  REQUIRE(where.has_value());
  const raw_client client(where->port());
  stream_socket accepted(acceptor.get_executor());
  acceptor.accept(accepted);
  boost::asio::ip::tcp::no_delay set;
  accepted.get_option(set);
  return set.value();
}

}  // namespace

TEST_CASE("accepted sockets have TCP_NODELAY set") {
  boost::asio::io_context context(1);
  auto own = open_acceptor(context, {boost::asio::ip::address_v4::loopback(), 0}, port_sharing::exclusive);
  REQUIRE(own.has_value());
  CHECK(accepts_without_delay(*own));

  const int listening = ::socket(AF_INET, SOCK_STREAM, 0);
  REQUIRE(::listen(listening, 8) == 0);  // On any free port.
  auto inherited = adopt_acceptor(context, listening, "a socket of the test");
  ::close(listening);
  REQUIRE(inherited.has_value());
  CHECK(accepts_without_delay(*inherited));
}
