#pragma once

// A worker's record of one connection, from accept to end, with what the worker needs to stop it. The record is the promise
// of the connection's coroutine, so that it needs no allocation of its own.

#include <boost/asio/executor_work_guard.hpp>
#include <boost/intrusive/list.hpp>
#include <coroutine>
#include <exception>
#include <memory>
#include <utility>

#include "attempt.hpp"
#include "connection/wire_connection.hpp"
#include "transport/socket.hpp"
#include "twinsocket/close.hpp"
#include "twinsocket/detail/trampoline.hpp"
#include "twinsocket/native/request.hpp"

namespace twinsocket::detail {

/// Notified when the server stops.
class stop_observer {
 public:
  virtual void stop() = 0;

 protected:
  ~stop_observer() = default;
};

class connection_record : public boost::intrusive::list_base_hook<auto_unlink> {
 public:
  using list = boost::intrusive::list<connection_record, boost::intrusive::constant_time_size<false>>;

  /// Holds a work guard: the event loop runs as long as the record exists.
  explicit connection_record(boost::asio::io_context& context) : work_(context.get_executor()) {}

  /// The socket that the connection speaks HTTP on. Null when it no longer does.
  void set_http_socket(stream_socket* socket) noexcept { http_ = socket; }
  /// Whether a response is in progress. A graceful stop waits for it.
  void set_busy(bool busy) noexcept { busy_ = busy; }
  /// The streamed response in progress, which may take any time. Null when there is none.
  void set_streaming(stop_observer* answer) noexcept {
    streaming_ = answer;
    if (streaming_ && stopping_) streaming_->stop();
  }
  void set_websocket(std::shared_ptr<wire_connection> connection) {
    websocket_ = std::move(connection);
    if (stopping_) stop(*stopping_);
  }
  [[nodiscard]] const std::shared_ptr<wire_connection>& websocket() const noexcept { return websocket_; }

  /// The opening request of the WebSocket while its handler runs. Null afterwards.
  void set_request(const request* req) noexcept { req_ = req; }
  [[nodiscard]] const request* req() const noexcept { return req_; }

  /// True once the server stops: no further request is read.
  [[nodiscard]] bool stopping() const noexcept { return stopping_ != nullptr; }
  /// Closes a WebSocket with `how`, including one that opens later. `how` must outlive the record.
  void stop(const close_info& how) {
    stopping_ = &how;
    if (websocket_) {
      websocket_->close(how.code, how.reason);
    } else if (streaming_) {
      streaming_->stop();
    } else if (!busy_) {
      close_http();
    }
  }
  void abort() {
    if (websocket_) websocket_->abort();
    close_http();
  }

 private:
  void close_http() {
    boost::system::error_code ignored;
    if (http_) http_->close(ignored);
  }

  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  stream_socket* http_ = nullptr;
  stop_observer* streaming_ = nullptr;
  std::shared_ptr<wire_connection> websocket_;
  bool busy_ = false;
  const close_info* stopping_ = nullptr;
  const request* req_ = nullptr;
};

/// The coroutine of a connection: a member function of its owner, which has a context(), and whose adopt() adds the record
/// to a list. The coroutine frees itself at its end, unless the owner destroys it before.
class connection_coroutine {
 public:
  class promise_type : public connection_record {
   public:
    template <class Owner, class... Arguments>
    explicit promise_type(Owner& owner, Arguments&...) : connection_record(owner.context()) {
      owner.adopt(*this);
    }
    [[nodiscard]] connection_coroutine get_return_object() noexcept {
      return connection_coroutine(std::coroutine_handle<promise_type>::from_promise(*this));
    }
    [[nodiscard]] std::suspend_always initial_suspend() const noexcept { return {}; }
    [[nodiscard]] std::suspend_never final_suspend() const noexcept { return {}; }
    void return_void() const noexcept {}
    /// std::bad_alloc ends this connection only; any other exception ends the program.
    void unhandled_exception() const noexcept {
      if (!attempt([] { throw; })) return;
    }
  };

  /// `co_await record()` inside a conversation returns its own record.
  class record {
   public:
    [[nodiscard]] bool await_ready() const noexcept { return false; }
    [[nodiscard]] bool await_suspend(std::coroutine_handle<promise_type> self) noexcept {
      self_ = &self.promise();
      return false;
    }
    [[nodiscard]] connection_record& await_resume() const noexcept { return *self_; }

   private:
    connection_record* self_ = nullptr;
  };

  /// Runs the coroutine until it first suspends.
  void start() const { trampoline::run(coroutine_); }

  /// Destroys a suspended coroutine with everything in its frame.
  static void destroy(connection_record& one) {
    std::coroutine_handle<promise_type>::from_promise(static_cast<promise_type&>(one)).destroy();
  }

 private:
  explicit connection_coroutine(std::coroutine_handle<promise_type> coroutine) noexcept : coroutine_(coroutine) {}

  std::coroutine_handle<promise_type> coroutine_;
};

}  // namespace twinsocket::detail
