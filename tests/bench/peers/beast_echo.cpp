// An echo server on boost::beast::websocket as an expert writes it: no Nagle algorithm, no fragmentation, a concrete
// executor, no strand. Beast's examples set none of these and stall for 40 ms when messages come in bursts. Prints its port.
// With the files of a certificate and its key it uses TLS. With `each-message` or `takeover` it compresses, without or with
// context takeover.

#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <iostream>
#include <memory>
#include <optional>
#include <string_view>
#include <type_traits>

namespace net = boost::asio;
namespace beast = boost::beast;
using tcp = net::ip::tcp;
using executor = net::io_context::executor_type;
using socket_type = net::basic_stream_socket<tcp, executor>;

namespace {

using tls_type = net::ssl::stream<socket_type>;

template <class Stream>
class session : public std::enable_shared_from_this<session<Stream>> {
 public:
  template <class... Arguments>
  explicit session(socket_type socket, Arguments&... arguments) : stream_(std::move(socket), arguments...) {
    stream_.auto_fragment(false);
    stream_.read_message_max(64 << 20);
    stream_.set_option(deflate);
  }

  static inline beast::websocket::permessage_deflate deflate;

  void start() {
    if constexpr (std::is_same_v<Stream, tls_type>) {
      stream_.next_layer().async_handshake(net::ssl::stream_base::server,
                                           [self = this->shared_from_this()](beast::error_code failure) {
                                             if (!failure) self->open();
                                           });
    } else {
      open();
    }
  }

 private:
  void open() {
    stream_.async_accept([self = this->shared_from_this()](beast::error_code failure) {
      if (!failure) self->read();
    });
  }

  void read() {
    stream_.async_read(buffer_, [self = this->shared_from_this()](beast::error_code failure, std::size_t) {
      if (!failure) self->write();
    });
  }

  void write() {
    stream_.binary(stream_.got_binary());
    stream_.async_write(buffer_.data(), [self = this->shared_from_this()](beast::error_code failure, std::size_t) {
      if (failure) return;
      self->buffer_.clear();
      self->read();
    });
  }

  beast::websocket::stream<Stream, true> stream_;
  beast::flat_buffer buffer_;
};

void accept(net::basic_socket_acceptor<tcp, executor>& acceptor, net::ssl::context* secure) {
  acceptor.async_accept([&acceptor, secure](beast::error_code failure, socket_type socket) {
    if (!failure) {
      socket.set_option(tcp::no_delay(true));
      if (secure) {
        std::make_shared<session<tls_type>>(std::move(socket), *secure)->start();
      } else {
        std::make_shared<session<socket_type>>(std::move(socket))->start();
      }
    }
    accept(acceptor, secure);
  });
}

}  // namespace

int main(int count, char** words) {
  std::optional<net::ssl::context> secure;
  if (count == 2) {
    beast::websocket::permessage_deflate& deflate = session<socket_type>::deflate;
    deflate.server_enable = true;
    deflate.compLevel = 3;
    deflate.server_no_context_takeover = deflate.client_no_context_takeover = std::string_view(words[1]) != "takeover";
  }
  if (count == 3) {
    secure.emplace(net::ssl::context::tls_server);
    secure->use_certificate_chain_file(words[1]);
    secure->use_private_key_file(words[2], net::ssl::context::pem);
    SSL_CTX_set_mode(secure->native_handle(), SSL_MODE_RELEASE_BUFFERS);
  }
  net::io_context context(1);
  net::basic_socket_acceptor<tcp, executor> acceptor(context, tcp::endpoint(net::ip::address_v4::loopback(), 0));
  acceptor.listen(4096);
  std::cout << acceptor.local_endpoint().port() << std::endl;
  accept(acceptor, secure ? &*secure : nullptr);
  context.run();
}
