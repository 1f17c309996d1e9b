#pragma once

// HTTP on one connection (RFC 9112): request after request, until it ends or becomes a WebSocket.

#include <boost/beast/core/flat_buffer.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "server/core.hpp"
#include "server/deadline.hpp"
#include "server/files.hpp"
#include "server/open_connection.hpp"
#include "server/request_parser.hpp"
#include "server/upgrade.hpp"
#include "transport/byte_stream.hpp"
#include "transport/transports.hpp"
#include "twinsocket/native/request_body.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket::detail {

/// What a connection has become.
struct opened_websocket {
  const websocket_route* route = nullptr;
  std::shared_ptr<wire_connection> connection;  ///< Null where it has ended as HTTP.
  std::unique_ptr<request> asked;               ///< Only where the handler wants it.
};

class http_connection final : private body_source {
 public:
  /// `place` is the connection's among those that may be open.
  http_connection(server_core& core, server_counts& counts, open_connection& record, gate::ticket& place,
                  stream_socket socket, const stream_socket::endpoint_type& peer);
  http_connection(const http_connection&) = delete;
  http_connection& operator=(const http_connection&) = delete;
  ~http_connection();

  [[nodiscard]] task<opened_websocket> serve();

  /// Sends one request on to https://.
  [[nodiscard]] task<void> redirect();

  /// Says that there is no room, whatever is asked.
  [[nodiscard]] task<void> turn_away();

 private:
  /// What became of a step.
  enum class step : std::uint8_t {
    done,    ///< Go on.
    refuse,  ///< Answer with refusal_, and end the connection.
    end,     ///< The connection has ended, or is of no use any more.
  };

  /// Makes TLS of it where the server has a certificate.
  [[nodiscard]] task<step> secure();
  [[nodiscard]] task<void> answer_in_the_clear();
  [[nodiscard]] task<boost::system::error_code> skip_empty_lines();
  [[nodiscard]] task<step> read_header();
  [[nodiscard]] task<step> read_content();
  /// Asks the middleware. An answer of it is sent, and `answered` then true.
  [[nodiscard]] task<step> ask_middleware(bool& answered);
  [[nodiscard]] task<result<std::string_view>> read_piece() override;
  [[nodiscard]] bool at_end() const noexcept override { return parser_->is_done(); }
  [[nodiscard]] std::optional<std::uint64_t> body_size() const override;
  [[nodiscard]] error body_failure(const boost::system::error_code& failure) const;
  [[nodiscard]] step failed(const boost::system::error_code& failure);
  [[nodiscard]] step refuse(response why);
  [[nodiscard]] step refuse(handshake_failure what, response why) {
    counts_.failed(what);
    return refuse(std::move(why));
  }
  [[nodiscard]] step route_request();

  [[nodiscard]] task<step> answer();
  /// The handler of the request at hand, null where none is for it.
  [[nodiscard]] const http_handler* handler() const;
  [[nodiscard]] task<step> answer_with(const http_handler& handler);
  [[nodiscard]] task<response> call(const http_handler& handler, request_body& body);
  /// Every answer begins with this.
  void answering(const response& r);
  [[nodiscard]] task<step> send(const response& r);
  [[nodiscard]] task<step> send(file_answer a);
  [[nodiscard]] task<step> send_stream(const response& r);
  [[nodiscard]] std::string head_of(const response& r, std::optional<std::uint64_t> content_length, bool chunked = false) const;
  [[nodiscard]] task<step> write(std::string_view bytes);
  [[nodiscard]] std::chrono::milliseconds linger_time() const;
  [[nodiscard]] task<void> linger(std::chrono::milliseconds time);

  [[nodiscard]] task<step> open(opened_websocket& out);
  [[nodiscard]] task<step> admit(opening_choice& chosen, std::string& head);

  server_core& core_;
  server_counts& counts_;
  open_connection& record_;
  gate::ticket& place_;
  byte_stream stream_;
  deadline limit_;
  boost::beast::flat_buffer buffer_;
  std::string remote_address_;
  bool from_proxy_;  // From one that says who the client is.
  std::shared_ptr<const client_certificate> certificate_;

  // The request at hand.
  std::unique_ptr<request> asked_;
  std::optional<request_parser> parser_;
  std::vector<std::string> segments_;
  const route* route_ = nullptr;
  std::vector<header_field> added_;  // To whatever is answered.
  std::chrono::duration<double> waited_for_content_{0};
  std::uint64_t content_read_ = 0;
  std::string piece_;                // Of the content, where it is read in pieces.
  response refusal_;
  bool keep_alive_ = true;
  bool told_to_go_on_ = false;  // 100 (Continue), about the request at hand.
  bool timed_ = false;  // The time for the first request runs already.
};

}  // namespace twinsocket::detail
