#include "twinsocket/with_timeout.hpp"

#include "loop.hpp"
#include "twinsocket/detail/timeout_or_cancel.hpp"

namespace twinsocket::detail {

void timeout_or_cancel::start(time_point until, const cancellation_token& stop) {
  if (until != time_point::max()) loop::current()->arm(*this, until);
  stop.add(*this);
}

void cancelled_awaiter::on_cancel() { loop::current()->resume(*this); }

}  // namespace twinsocket::detail
