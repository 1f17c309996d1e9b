#pragma once

// Calls a request hook with a timeout.

#include <chrono>
#include <optional>

#include "transport/background_call.hpp"
#include "twinsocket/native/options.hpp"

namespace twinsocket::detail {

inline task<admission> run_hook(const request_handler<admission>& hook, request req) { co_return co_await hook(req); }

/// Returns the hook's result, or nothing after the timeout. The hook then continues detached, because whatever it waits for
/// cannot be cancelled, and its result is dropped. Rethrows an exception of the hook. The hook must live as long as the event
/// loop runs. It gets its own copy of the request.
inline task<std::optional<admission>> call_hook(const request_handler<admission>& hook, const request& req,
                                                std::chrono::milliseconds limit) {
  background_call<admission> call(run_hook(hook, req));
  co_await call.ended().wait_until(add_saturating(loop::current()->now(), limit));
  if (!call.ended().is_set()) co_return std::nullopt;
  co_return call.take();
}

}  // namespace twinsocket::detail
