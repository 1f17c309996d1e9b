#pragma once

// A worker's record of one connection, from accept to end, with what the worker needs to stop it. The record is the promise
// of the connection's coroutine, so that it needs no allocation of its own.

#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/require.hpp>
#include <boost/intrusive/list.hpp>
#include <coroutine>
#include <exception>
#include <memory>
#include <utility>

#include "attempt.hpp"
#include "connection/wire_connection.hpp"
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

/// A connection while it speaks HTTP.
class http_service : public stop_observer {
 public:
  virtual void abort() = 0;

 protected:
  ~http_service() = default;
};

class connection_record : public boost::intrusive::list_base_hook<auto_unlink> {
 public:
  using list = boost::intrusive::list<connection_record, boost::intrusive::constant_time_size<false>>;

  /// The event loop runs as long as the record exists.
  explicit connection_record(boost::asio::io_context& context)
      : work_(boost::asio::require(context.get_executor(), boost::asio::execution::outstanding_work.tracked)) {}

  /// Who speaks HTTP on the connection. Null when nobody does.
  void set_http(http_service* service) noexcept { http_ = service; }
  /// The connection has become a WebSocket. `req` is its opening request, if the handler takes it.
  void set_websocket(std::shared_ptr<wire_connection> connection, std::unique_ptr<const request> req) {
    websocket_ = std::move(connection);
    req_ = std::move(req);
    if (stopping_) stop(*stopping_);
  }
  [[nodiscard]] const std::shared_ptr<wire_connection>& websocket() const noexcept { return websocket_; }

  /// The opening request of the WebSocket, an empty one if the handler does not take it or has ended.
  [[nodiscard]] const request& req() const noexcept {
    static const request nothing;
    return req_ ? *req_ : nothing;
  }
  void release_request() noexcept { req_.reset(); }

  /// True once the server stops: no further request is read.
  [[nodiscard]] bool stopping() const noexcept { return stopping_ != nullptr; }
  /// Closes a WebSocket with `how`, including one that opens later. `how` must outlive the record.
  void stop(const close_info& how) {
    stopping_ = &how;
    if (websocket_)
      websocket_->close(how.code, how.reason);
    else if (http_)
      http_->stop();
  }
  void abort() {
    if (websocket_) websocket_->abort();
    if (http_) http_->abort();
  }

 private:
  using working_executor = decltype(boost::asio::require(std::declval<boost::asio::io_context::executor_type>(),
                                                         boost::asio::execution::outstanding_work.tracked));

  working_executor work_;
  http_service* http_ = nullptr;
  std::shared_ptr<wire_connection> websocket_;
  const close_info* stopping_ = nullptr;
  std::unique_ptr<const request> req_;
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
