#pragma once

#include <sys/socket.h>

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

/// A server that reads the header of one request per connection and answers with the bytes that a function returns for
/// it. The client has to end the connection.
class scripted_server {
 public:
  using script = std::function<std::string(const std::string& request)>;

  /// Listens on 127.0.0.1, or on the Unix-domain socket at this path.
  explicit scripted_server(script answer, const std::string& path = {});
  scripted_server(const scripted_server&) = delete;
  scripted_server& operator=(const scripted_server&) = delete;
  ~scripted_server();

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  [[nodiscard]] std::string url(const std::string& path = "/") const {
    return "ws://127.0.0.1:" + std::to_string(port_) + path;
  }
  /// The requests received so far.
  [[nodiscard]] std::vector<std::string> requests() const;

  /// The bytes that followed the requests on all connections. Waits until this many connections have ended.
  [[nodiscard]] std::string bytes_after_requests(std::size_t ended);

  /// The response that accepts the client's opening handshake.
  [[nodiscard]] static std::string open(const std::string& request, const std::string& headers = {});
  /// The value of a header, "" if it is absent.
  [[nodiscard]] static std::string header(const std::string& request, const std::string& name);

 private:
  void serve();
  void talk(int socket);

  script answer_;
  int listening_;
  std::uint16_t port_ = 0;
  mutable std::mutex mutex_;
  std::vector<std::string> requests_;
  std::string behind_;
  std::size_t ended_ = 0;
  std::condition_variable one_ended_;
  std::vector<int> open_;
  std::vector<std::thread> talks_;
  std::thread thread_;
};
