// An echo server on boost::beast::websocket as one writes it who knows it well: no Nagle, no fragmenting, a concrete
// executor, no strand, no compression. Beast's examples set none of these, and stall for 40 ms where messages come in bursts.
// It prints its port.

#include <boost/asio.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>
#include <iostream>
#include <memory>

namespace net = boost::asio;
namespace beast = boost::beast;
using tcp = net::ip::tcp;
using executor = net::io_context::executor_type;
using socket_type = net::basic_stream_socket<tcp, executor>;

namespace {

class session : public std::enable_shared_from_this<session> {
 public:
  explicit session(socket_type socket) : stream_(std::move(socket)) {
    stream_.auto_fragment(false);
    stream_.read_message_max(64 << 20);
  }

  void start() {
    stream_.async_accept([self = shared_from_this()](beast::error_code failure) {
      if (!failure) self->read();
    });
  }

 private:
  void read() {
    stream_.async_read(buffer_, [self = shared_from_this()](beast::error_code failure, std::size_t) {
      if (!failure) self->write();
    });
  }

  void write() {
    stream_.binary(stream_.got_binary());
    stream_.async_write(buffer_.data(), [self = shared_from_this()](beast::error_code failure, std::size_t) {
      if (failure) return;
      self->buffer_.clear();
      self->read();
    });
  }

  beast::websocket::stream<socket_type, false> stream_;
  beast::flat_buffer buffer_;
};

void accept(net::basic_socket_acceptor<tcp, executor>& acceptor) {
  acceptor.async_accept([&acceptor](beast::error_code failure, socket_type socket) {
    if (!failure) {
      socket.set_option(tcp::no_delay(true));
      std::make_shared<session>(std::move(socket))->start();
    }
    accept(acceptor);
  });
}

}  // namespace

int main() {
  net::io_context context(1);
  net::basic_socket_acceptor<tcp, executor> acceptor(context, tcp::endpoint(net::ip::address_v4::loopback(), 0));
  acceptor.listen(4096);
  std::cout << acceptor.local_endpoint().port() << std::endl;
  accept(acceptor);
  context.run();
}
