#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

/// A response of the server. Header names are in lower case; values of one name are joined with ", ".
struct raw_response {
  int status = 0;
  std::map<std::string, std::string> headers;
  std::string body;

  /// The value of a header, "" if it is absent.
  [[nodiscard]] std::string operator[](const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? "" : found->second;
  }
};

/// A WebSocket frame from the server.
struct raw_frame {
  int opcode = 0;
  std::string payload;

  [[nodiscard]] int close_code() const {
    return payload.size() < 2 ? 0
                              : static_cast<unsigned char>(payload[0]) * 256 + static_cast<unsigned char>(payload[1]);
  }
};

/// A client that sends exactly the bytes of a test. Throws if an operation takes longer than ten seconds, or if the
/// connection ends too early.
class raw_client {
 public:
  explicit raw_client(std::uint16_t port, const char* address = "127.0.0.1");
  /// Connects to a Unix-domain socket.
  explicit raw_client(const std::string& path);
  raw_client(raw_client&& other) noexcept
      : socket_(std::exchange(other.socket_, -1)), received_(std::move(other.received_)) {}
  ~raw_client();

  [[nodiscard]] int socket() const noexcept { return socket_; }
  void send(std::string_view bytes) const;
  /// Ends the sending direction.
  void finish() const;

  /// Reads one response; of a response to HEAD only the header.
  [[nodiscard]] raw_response read_response(bool to_head = false);
  /// Reads the next chunk of a response's content, "" at its end.
  [[nodiscard]] std::string read_chunk();
  [[nodiscard]] raw_frame read_frame();
  /// Reads everything up to the end of the connection.
  [[nodiscard]] std::string read_to_end();
  /// True if the server ended the connection without sending anything more.
  [[nodiscard]] bool ended() { return read_to_end().empty(); }

 private:
  // Returns false at the end of the connection.
  bool receive_more();
  std::string take(std::size_t size);

  int socket_;
  std::string received_;
};

/// Sends the text on a new connection and returns the response.
[[nodiscard]] raw_response http_exchange(std::uint16_t port, std::string_view text);

/// A valid opening handshake with additional header lines.
[[nodiscard]] std::string upgrade_request(std::string_view target, std::string_view fields = {});

/// A masked client frame.
[[nodiscard]] std::string client_frame(int opcode, std::string_view payload);
[[nodiscard]] inline std::string client_text(std::string_view payload) { return client_frame(1, payload); }
[[nodiscard]] std::string client_close(int code);

/// A client with an open WebSocket. Throws if it is refused.
[[nodiscard]] raw_client open_websocket(std::uint16_t port, std::string_view target, std::string_view fields = {});
