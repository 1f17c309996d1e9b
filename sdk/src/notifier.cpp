#include "twinsocket/detail/notifier.hpp"

#include "loop.hpp"
#include "twinsocket/detail/fatal.hpp"

namespace twinsocket::detail {

void notifier::notify() {
  if (loop::current() && loop::current()->handle() == loop_handle_) {
    if (target_) target_->notified();
    return;
  }
  loop_handle_->post([self = shared_from_this()] {
    if (self->target_) self->target_->notified();
  });
}

const std::shared_ptr<notifier>& notifiable::own_notifier() {
  if (!notifier_) notifier_ = std::make_shared<notifier>(loop::require_current().handle(), *this);
  return notifier_;
}

void notified_awaiter::notified() {
  if (waiting()) loop::current()->resume(*this);
}

}  // namespace twinsocket::detail
