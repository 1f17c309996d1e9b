#pragma once

// A call of connect(): a background_call that is cancelled when its awaiter is destroyed.

#include <string>
#include <utility>

#include "transport/background_call.hpp"
#include "twinsocket/cancel.hpp"
#include "twinsocket/connection.hpp"
#include "twinsocket/native/connect_options.hpp"

namespace twinsocket::detail {

class connect_call final : private cancellable {
 public:
  using connect_function = task<result<connection>> (*)(std::string, native::connect_options);

  connect_call(std::string address, native::connect_options options, connect_function connect)
      : callers_(options.common().stop()),
        call_(connect(std::move(address), with_own_stop(std::move(options)))) {
    if (!call_.await_ready()) callers_.add(*this);
  }
  connect_call(const connect_call&) = delete;
  connect_call& operator=(const connect_call&) = delete;
  ~connect_call() { stop_.cancel(); }

  [[nodiscard]] background_call<result<connection>>& outcome() noexcept { return call_; }

 private:
  native::connect_options with_own_stop(native::connect_options options) {
    options.common().cancel_on(stop_);
    if (callers_.cancelled()) stop_.cancel();
    return options;
  }
  void on_cancel() override { stop_.cancel(); }

  const cancellation_token callers_;
  cancellation_source stop_;
  background_call<result<connection>> call_;
};

}  // namespace twinsocket::detail
