#pragma once

// A call of connect(): a background_call that is cancelled when its awaiter is destroyed.

#include <string>
#include <utility>

#include "transport/background_call.hpp"
#include "twinsocket/cancel.hpp"
#include "twinsocket/connection.hpp"
#include "twinsocket/native/client_options.hpp"

namespace twinsocket::detail {

class connect_call final : private cancellable {
 public:
  using connect_function = task<result<connection>> (*)(std::string, client_options);

  connect_call(std::string address, client_options options, connect_function connect)
      : caller_token_(options.common().cancellation()),
        call_(connect(std::move(address), with_own_cancellation(std::move(options)))) {
    if (!call_.ended().is_set()) caller_token_.add(*this);
  }
  connect_call(const connect_call&) = delete;
  connect_call& operator=(const connect_call&) = delete;
  ~connect_call() { cancellation_.cancel(); }

  [[nodiscard]] background_call<result<connection>>& outcome() noexcept { return call_; }

 private:
  client_options with_own_cancellation(client_options options) {
    options.common().cancel_on(cancellation_);
    if (caller_token_.cancelled()) cancellation_.cancel();
    return options;
  }
  void on_cancel() override { cancellation_.cancel(); }

  const cancellation_token caller_token_;
  cancellation_source cancellation_;
  background_call<result<connection>> call_;
};

}  // namespace twinsocket::detail
