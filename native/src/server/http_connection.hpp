#pragma once

// HTTP on one connection (RFC 9112): serves requests until the connection ends or becomes a WebSocket.

#include <boost/beast/core/flat_buffer.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "server/connection_record.hpp"
#include "server/file_server.hpp"
#include "server/request_parser.hpp"
#include "server/server_context.hpp"
#include "server/upgrade.hpp"
#include "transport/http_stream.hpp"
#include "transport/socket_timeout.hpp"
#include "transport/start_transport.hpp"
#include "twinsocket/native/request_body.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket::detail {

class http_connection final : private body_source, private http_service {
 public:
  /// `lease` is the connection's share of the connection limit.
  http_connection(server_context& server, server_metrics& metrics, connection_record& record,
                  connection_limiter::lease& lease, stream_socket socket, const stream_socket::endpoint_type& peer);
  http_connection(const http_connection&) = delete;
  http_connection& operator=(const http_connection&) = delete;
  ~http_connection();

  /// Returns the route if the connection has become a WebSocket, which is in the record then. Null if it has ended.
  [[nodiscard]] task<const websocket_route*> serve();

  /// Reads one request and redirects it to https://.
  [[nodiscard]] task<void> redirect();

  /// Answers 503 without reading a request, because a connection limit is reached.
  [[nodiscard]] task<void> reject_over_limit();

 private:
  // The server stops. A response in progress may end; a streamed one, which may take any time, is asked to.
  void stop() override;
  void abort() override;
  void set_streaming(stop_observer* answer) noexcept;

  /// The outcome of a step.
  enum class step : std::uint8_t {
    done,    ///< Continue.
    refuse,  ///< Send refusal_, then end the connection.
    end,     ///< The connection has ended or is unusable.
  };

  /// Performs the TLS handshake if the server has a certificate.
  [[nodiscard]] task<step> secure();
  [[nodiscard]] task<void> reject_plain_http();
  [[nodiscard]] task<boost::system::error_code> skip_empty_lines();
  [[nodiscard]] task<step> read_header();
  [[nodiscard]] task<step> read_content();
  /// Runs the middleware. If it responds, sends the response and sets `answered`.
  [[nodiscard]] task<step> run_middleware(bool& answered);
  [[nodiscard]] task<result<std::string_view>> read_some() override;
  [[nodiscard]] bool at_end() const noexcept override { return parser_->is_done(); }
  [[nodiscard]] std::optional<std::uint64_t> body_size() const override;
  [[nodiscard]] error body_failure(const boost::system::error_code& failure) const;
  [[nodiscard]] step failed(const boost::system::error_code& failure);
  [[nodiscard]] step refuse(response why);
  [[nodiscard]] step refuse(handshake_failure what, response why) {
    metrics_.count_handshake_failure(what);
    return refuse(std::move(why));
  }
  [[nodiscard]] step route_request();

  [[nodiscard]] task<step> respond();
  /// The handler for the current request. Null if there is none.
  [[nodiscard]] const http_handler* handler() const;
  [[nodiscard]] task<step> respond_with(const http_handler& handler);
  [[nodiscard]] task<response> call(const http_handler& handler, request_body& body);
  /// Must be called before each response: counts and logs it, and decides whether the connection persists.
  void begin_response(const response& r);
  [[nodiscard]] task<step> send(const response& r);
  [[nodiscard]] task<step> send(file_response a);
  [[nodiscard]] task<step> send_stream(const response& r);
  [[nodiscard]] std::string serialize_head(const response& r, std::optional<std::uint64_t> content_length,
                                           bool chunked = false) const;
  [[nodiscard]] task<step> write(std::string_view bytes);
  [[nodiscard]] std::chrono::milliseconds linger_timeout() const;
  [[nodiscard]] task<void> linger(std::chrono::milliseconds time);

  /// Becomes a WebSocket.
  [[nodiscard]] task<step> open();
  [[nodiscard]] task<step> negotiate(negotiated_options& chosen, std::string& head);

  server_context& server_;
  server_metrics& metrics_;
  connection_record& record_;
  connection_limiter::lease& lease_;
  http_stream stream_;
  socket_timeout timeout_;
  boost::beast::flat_buffer buffer_;
  std::string remote_address_;
  bool from_proxy_;  // The peer is a trusted proxy, which names the client.
  std::shared_ptr<const client_certificate> certificate_;

  // The current request.
  std::unique_ptr<request> req_;
  std::optional<request_parser> parser_;
  std::vector<std::string> segments_;
  const route* route_ = nullptr;
  std::vector<header_field> extra_headers_;  // Headers from middleware and hooks, for any response.
  std::chrono::duration<double> content_wait_time_{0};
  std::uint64_t content_read_ = 0;
  std::string piece_;  // The last piece of content of a streamed request body.
  response refusal_;
  stop_observer* streaming_ = nullptr;  // The streamed response in progress.
  bool busy_ = false;                   // A request is being answered.
  bool keep_alive_ = true;
  bool continue_sent_ = false;  // 100 (Continue) was sent for the current request.
  bool timed_ = false;          // secure() has started the timeout of the first request.
};

}  // namespace twinsocket::detail
