#include "session/lifecycle.hpp"

namespace twinsocket::detail {

bool lifecycle::closing_expired(time_point now) {
  if (now < closing_.due()) return false;
  stream_failed(error(errc::peer_timeout, "the closing handshake took longer than " +
                                              std::to_string(limits_->close_timeout().count()) + " ms"));
  return true;
}

error lifecycle::failure() const {
  error why = failure_.code() != errc::ok ? failure_ : error(errc::closed, describe(closing_.info()));
  // Before that the outcome is not known.
  if (settled()) why.close(closing_.info());
  return why;
}

}  // namespace twinsocket::detail
