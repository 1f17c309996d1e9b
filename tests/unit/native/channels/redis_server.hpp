#pragma once

// A Redis server of a test, without persistence, on a Unix-domain socket in a folder of its own. redis-server or valkey-server
// of the PATH, or the program that the environment variable TWINSOCKET_TEST_REDIS names.

#include <hiredis/hiredis.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "temporary_folder.hpp"
#include "twinsocket/native/redis_broker.hpp"

class redis_server {
 public:
  explicit redis_server(std::vector<std::string> options = {}) : options_(std::move(options)) { start(); }
  redis_server(const redis_server&) = delete;
  ~redis_server() { kill(); }

  /// The program's path, "" if it is not installed.
  static std::string program() {
    const char* const chosen = std::getenv("TWINSOCKET_TEST_REDIS");
    if (chosen && *chosen) return chosen;
    const char* const path = std::getenv("PATH");
    std::string folders = path ? path : "";
    folders += ":/usr/sbin:/usr/local/bin";
    for (const char* const name : {"redis-server", "valkey-server"})
      for (std::size_t at = 0; at < folders.size();) {
        const std::size_t end = std::min(folders.find(':', at), folders.size());
        const std::string file = folders.substr(at, end - at) + "/" + name;
        if (::access(file.c_str(), X_OK) == 0) return file;
        at = end + 1;
      }
    return {};
  }

  void start() {
    std::vector<std::string> arguments{program(),
                                       "--port",
                                       "0",
                                       "--unixsocket",
                                       socket(),
                                       "--save",
                                       "",
                                       "--appendonly",
                                       "no",
                                       "--dir",
                                       folder_.path(),
                                       "--logfile",
                                       (folder_.path() / "log").string()};
    arguments.insert(arguments.end(), options_.begin(), options_.end());
    std::vector<char*> raw;
    for (std::string& one : arguments) raw.push_back(one.data());
    raw.push_back(nullptr);
    process_ = ::fork();
    if (process_ == 0) {
      ::execv(raw[0], raw.data());
      ::_exit(127);
    }
  }
  void kill() {
    if (process_ <= 0) return;
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
    process_ = -1;
  }
  void signal(int number) const { ::kill(process_, number); }

  [[nodiscard]] std::string socket() const { return (folder_.path() / "redis.sock").string(); }
  [[nodiscard]] const std::filesystem::path& folder() const noexcept { return folder_.path(); }

  /// Options of a broker that loses no time.
  [[nodiscard]] twinsocket::redis_broker_options quick() const {
    twinsocket::redis_broker_options out;
    out.unix_socket = socket();
    out.initial_delay = std::chrono::milliseconds(5);
    out.max_delay = std::chrono::milliseconds(20);
    return out;
  }

  /// Runs a command on a connection of its own and returns a status or a string.
  [[nodiscard]] std::string command(std::vector<std::string> arguments) const {
    std::unique_ptr<redisContext, void (*)(redisContext*)> context(redisConnectUnix(socket().c_str()), redisFree);
    // The server may only just have been started. There is no event to wait for.
    for (int attempts = 0; context->err && attempts < 10'000; ++attempts) {
      ::usleep(1000);
      context.reset(redisConnectUnix(socket().c_str()));
    }
    if (context->err) return "no connection";
    std::vector<const char*> raw;
    std::vector<std::size_t> sizes;
    for (const std::string& one : arguments) {
      raw.push_back(one.data());
      sizes.push_back(one.size());
    }
    const std::unique_ptr<void, void (*)(void*)> reply(
        redisCommandArgv(context.get(), static_cast<int>(raw.size()), raw.data(), sizes.data()), freeReplyObject);
    const auto* const value = static_cast<const redisReply*>(reply.get());
    if (!value) return "no reply";
    if (value->type == REDIS_REPLY_INTEGER) return std::to_string(value->integer);
    return value->str ? std::string(value->str, value->len) : std::string();
  }

 private:
  const std::vector<std::string> options_;
  temporary_folder folder_;
  pid_t process_ = -1;
};

/// False if Redis is not installed; the test is then skipped.
inline bool has_redis() {
  static const bool installed = !redis_server::program().empty();
  if (!installed) WARN("skipped: redis-server is not installed");
  return installed;
}

/// The server that the tests share, which do not stop it. Null if Redis is not installed; the test is then skipped.
inline redis_server* shared_redis() {
  if (!has_redis()) return nullptr;
  static redis_server server;
  return &server;
}
