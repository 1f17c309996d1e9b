// An echo server on websocketpp: one thread and therefore no locks, no logging, no Nagle algorithm. Prints its port.

#include <iostream>
#include <websocketpp/concurrency/none.hpp>
#include <websocketpp/config/asio_no_tls.hpp>
#include <websocketpp/logger/stub.hpp>
#include <websocketpp/server.hpp>

namespace {

struct quiet : websocketpp::config::asio {
  using type = quiet;
  using concurrency_type = websocketpp::concurrency::none;
  using alog_type = websocketpp::log::stub;
  using elog_type = websocketpp::log::stub;
  struct transport_config : websocketpp::config::asio::transport_config {
    using concurrency_type = quiet::concurrency_type;
    using alog_type = quiet::alog_type;
    using elog_type = quiet::elog_type;
  };
  using transport_type = websocketpp::transport::asio::endpoint<transport_config>;
};

using server = websocketpp::server<quiet>;

}  // namespace

int main() {
  server echo;
  echo.init_asio();
  echo.set_listen_backlog(4096);
  echo.set_tcp_post_init_handler([&echo](websocketpp::connection_hdl handle) {
    echo.get_con_from_hdl(handle)->get_raw_socket().set_option(boost::asio::ip::tcp::no_delay(true));
  });
  echo.set_message_handler([&echo](websocketpp::connection_hdl handle, server::message_ptr message) {
    websocketpp::lib::error_code failure;
    echo.send(handle, message->get_payload(), message->get_opcode(), failure);
  });
  echo.listen(boost::asio::ip::tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
  websocketpp::lib::asio::error_code failure;
  std::cout << echo.get_local_endpoint(failure).port() << std::endl;
  echo.start_accept();
  echo.run();
}
