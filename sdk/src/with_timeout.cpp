#include "twinsocket/with_timeout.hpp"

#include "loop.hpp"

namespace twinsocket::detail {

void cancelled_awaiter::on_cancel() { loop::current()->resume(*this); }

}  // namespace twinsocket::detail
