#include "twinsocket/native/response_writer.hpp"

#include "server/response_stream.hpp"

namespace twinsocket {
inline namespace native {

task<result<void>> response_writer::write(std::string bytes) {
  return detail::response_stream::write(stream_, std::move(bytes));
}

bool response_writer::is_open() const noexcept { return stream_->is_open(); }

task<void> response_writer::closed() { return detail::response_stream::closed(stream_); }

task<result<void>> event_writer::send(server_sent_event event) {
  result<std::string> text = event.text();
  if (!text) co_return text.error();
  co_return co_await out_->write(*std::move(text));
}

}  // namespace native
}  // namespace twinsocket
