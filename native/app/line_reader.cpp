#include "line_reader.hpp"

#include <utility>

namespace twinsocket::app {

task<result<std::string>> line_reader::next() {
  std::size_t searched = consumed_;
  std::size_t end = 0;
  while ((end = buffer_.find('\n', searched)) == buffer_.npos) {
    if (ended_ && consumed_ == buffer_.size()) co_return error(errc::closed, "standard input has ended");
    if (ended_) break;
    if (buffer_.size() - consumed_ > max_line_size)
      co_return error(errc::message_too_big,
                      "a line of standard input is longer than " + std::to_string(max_line_size) + " bytes");
    buffer_.erase(0, std::exchange(consumed_, 0));
    searched = buffer_.size();
    if (auto more = co_await read_more(); !more) co_return more.error();
  }
  std::string line = buffer_.substr(consumed_, end == buffer_.npos ? end : end - consumed_);
  consumed_ = end == buffer_.npos ? buffer_.size() : end + 1;
  co_return line;
}

task<result<void>> line_reader::read_more() {
  const auto more = co_await input_.read(buffer_);
  ended_ = ended_ || !more || !*more;
  if (!more) co_return more.error();
  co_return result<void>();
}

void line_reader::stop() {
  input_.stop();
  buffer_.clear();
  consumed_ = 0;
  ended_ = true;
}

}  // namespace twinsocket::app
