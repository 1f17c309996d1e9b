#include "scripted_server.hpp"

#include <netinet/in.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "protocol/handshake.hpp"

scripted_server::scripted_server(script answer, const std::string& path)
    : answer_(std::move(answer)), listening_(::socket(path.empty() ? AF_INET : AF_UNIX, SOCK_STREAM, 0)) {
  if (path.empty()) {
    sockaddr_in self{};
    self.sin_family = AF_INET;
    self.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof self;
    if (::bind(listening_, reinterpret_cast<sockaddr*>(&self), size) != 0) throw std::runtime_error("bind");
    ::getsockname(listening_, reinterpret_cast<sockaddr*>(&self), &size);
    port_ = ntohs(self.sin_port);
  } else {
    sockaddr_un self{};
    self.sun_family = AF_UNIX;
    path.copy(self.sun_path, sizeof self.sun_path - 1);
    if (::bind(listening_, reinterpret_cast<sockaddr*>(&self), sizeof self) != 0) throw std::runtime_error("bind");
  }
  ::listen(listening_, 16);
  thread_ = std::thread([this] { serve(); });
}

scripted_server::~scripted_server() {
  ::shutdown(listening_, SHUT_RDWR);
  thread_.join();
  {
    const std::scoped_lock lock(mutex_);
    for (const int socket : open_) ::shutdown(socket, SHUT_RDWR);
  }
  for (std::thread& talk : talks_) talk.join();
  for (const int socket : open_) ::close(socket);
  ::close(listening_);
}

void scripted_server::serve() {
  for (int socket = ::accept(listening_, nullptr, nullptr); socket >= 0;
       socket = ::accept(listening_, nullptr, nullptr)) {
    const std::scoped_lock lock(mutex_);
    open_.push_back(socket);
    talks_.emplace_back([this, socket] { talk(socket); });
  }
}

void scripted_server::talk(int socket) {
  std::string request;
  std::array<char, 4096> room;
  while (request.find("\r\n\r\n") == std::string::npos) {
    const auto count = ::recv(socket, room.data(), room.size(), 0);
    if (count <= 0) return;
    request.append(room.data(), static_cast<std::size_t>(count));
  }
  {
    const std::scoped_lock lock(mutex_);
    requests_.push_back(request);
  }
  const std::string answer = answer_(request);
  std::string behind;
  if (::send(socket, answer.data(), answer.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(answer.size()))
    for (ssize_t count = 1; count > 0;) {
      count = ::recv(socket, room.data(), room.size(), 0);
      if (count > 0) behind.append(room.data(), static_cast<std::size_t>(count));
    }
  ::shutdown(socket, SHUT_RDWR);
  const std::scoped_lock lock(mutex_);
  behind_ += behind;
  ++ended_;
  one_ended_.notify_all();
}

std::string scripted_server::bytes_after_requests(std::size_t ended) {
  std::unique_lock lock(mutex_);
  if (!one_ended_.wait_for(lock, std::chrono::seconds(10), [&] { return ended_ >= ended; }))
    throw std::runtime_error("a connection does not end");
  return behind_;
}

std::vector<std::string> scripted_server::requests() const {
  const std::scoped_lock lock(mutex_);
  return requests_;
}

std::string scripted_server::open(const std::string& request, const std::string& headers) {
  return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
         twinsocket::detail::accept_key(header(request, "Sec-WebSocket-Key")) + "\r\n" + headers + "\r\n";
}

std::string scripted_server::header(const std::string& request, const std::string& name) {
  const std::size_t line = request.find("\r\n" + name + ": ");
  if (line == std::string::npos) return {};
  const std::size_t first = line + name.size() + 4;
  return request.substr(first, request.find("\r\n", first) - first);
}
