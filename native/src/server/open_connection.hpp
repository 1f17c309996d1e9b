#pragma once

// A connection from its acceptance to its end, as the worker sees it that has to stop. It is the promise of a
// coroutine, so that the record of an open connection is in the frame that there is anyway.

#include <boost/asio/executor_work_guard.hpp>
#include <boost/intrusive/list.hpp>
#include <coroutine>
#include <exception>
#include <memory>
#include <utility>

#include "connection/wire_connection.hpp"
#include "transport/socket.hpp"
#include "twinsocket/close.hpp"
#include "twinsocket/detail/trampoline.hpp"
#include "twinsocket/native/request.hpp"

namespace twinsocket::detail {

/// Is told that the server stops.
class stoppable {
 public:
  virtual void stop() = 0;

 protected:
  ~stoppable() = default;
};

class open_connection : public boost::intrusive::list_base_hook<auto_unlink> {
 public:
  using list = boost::intrusive::list<open_connection, boost::intrusive::constant_time_size<false>>;

  /// The event loop goes on as long as this lives, whatever it waits for.
  explicit open_connection(boost::asio::io_context& context) : work_(context.get_executor()) {}

  /// HTTP is spoken on this socket; null when no more.
  void speaks_http(stream_socket* socket) noexcept { http_ = socket; }
  /// A request is being answered: a graceful stop waits for that.
  void answers(bool busy) noexcept { busy_ = busy; }
  /// An answer is on its way that may take any time; null when no more.
  void streams(stoppable* answer) noexcept {
    streamed_ = answer;
    if (streamed_ && stopping_) streamed_->stop();
  }
  void speaks_websocket(std::shared_ptr<wire_connection> connection) {
    websocket_ = std::move(connection);
    if (stopping_) stop(*stopping_);
  }
  [[nodiscard]] const std::shared_ptr<wire_connection>& websocket() const noexcept { return websocket_; }

  /// The request that opened it, as long as its handler has it; null when no more.
  void opened_by(const request* asked) noexcept { asked_ = asked; }
  [[nodiscard]] const request* asked() const noexcept { return asked_; }

  /// Once it stops, no further request is read.
  [[nodiscard]] bool stopping() const noexcept { return stopping_ != nullptr; }
  /// A WebSocket is closed so, also one that is only opened after this.
  void stop(const close_info& how) {
    stopping_ = &how;
    if (websocket_) {
      websocket_->close(how.code, how.reason);
    } else if (streamed_) {
      streamed_->stop();
    } else if (!busy_) {
      close_http();
    }
  }
  void cut() {
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
  stoppable* streamed_ = nullptr;
  std::shared_ptr<wire_connection> websocket_;
  bool busy_ = false;
  const close_info* stopping_ = nullptr;
  const request* asked_ = nullptr;
};

/// The coroutine of a connection: a member function of its owner, which has a context() and whose adopt() enters it
/// into a list. It frees itself at its end, or the owner destroys it.
class conversation {
 public:
  class promise_type : public open_connection {
   public:
    template <class Owner, class... Arguments>
    explicit promise_type(Owner& owner, Arguments&...) : open_connection(owner.context()) {
      owner.adopt(*this);
    }
    [[nodiscard]] conversation get_return_object() noexcept {
      return conversation(std::coroutine_handle<promise_type>::from_promise(*this));
    }
    [[nodiscard]] std::suspend_always initial_suspend() const noexcept { return {}; }
    [[nodiscard]] std::suspend_never final_suspend() const noexcept { return {}; }
    void return_void() const noexcept {}
    void unhandled_exception() const noexcept { std::terminate(); }
  };

  /// `co_await record()` inside a conversation gives its own record.
  class record {
   public:
    [[nodiscard]] bool await_ready() const noexcept { return false; }
    [[nodiscard]] bool await_suspend(std::coroutine_handle<promise_type> self) noexcept {
      self_ = &self.promise();
      return false;
    }
    [[nodiscard]] open_connection& await_resume() const noexcept { return *self_; }

   private:
    open_connection* self_ = nullptr;
  };

  /// Runs it until it first has to wait.
  void start() const { trampoline::run(coroutine_); }

  /// Ends it where it waits: what its frame holds is destroyed.
  static void destroy(open_connection& one) {
    std::coroutine_handle<promise_type>::from_promise(static_cast<promise_type&>(one)).destroy();
  }

 private:
  explicit conversation(std::coroutine_handle<promise_type> coroutine) noexcept : coroutine_(coroutine) {}

  std::coroutine_handle<promise_type> coroutine_;
};

}  // namespace twinsocket::detail
