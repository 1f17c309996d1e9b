#pragma once

// Parses a server's replies and checks that they are the messages of the workload, in order.

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "workload.hpp"

namespace bench {

class reply_reader {
 public:
  explicit reply_reader(const workload& expected);

  /// Consumes bytes. Returns how many messages were completed by them. Always checks kinds and lengths; checks payloads
  /// only if `compare`. Ends the program on an unexpected reply. Pings are skipped.
  std::size_t read(std::string_view bytes, bool compare);

 private:
  // Deflated replies are collected while they are compared, and only counted afterwards: then the context is lost.
  struct inflater;
  void begin_frame();
  void compare_inflated();
  void end_message(bool compare);
  [[nodiscard]] std::size_t header_size() const noexcept;

  const workload* expected_;
  std::shared_ptr<inflater> inflater_;
  std::string deflated_;
  bool is_deflated_ = false;  // the current message
  std::size_t next_ = 0;      // index of the workload's message that comes next
  std::size_t received_ = 0;  // payload bytes of that message received so far
  std::size_t left_ = 0;      // payload bytes of the current frame still to come
  std::array<unsigned char, 10> header_{};
  std::size_t header_read_ = 0;
  bool in_frame_ = false;
  bool in_message_ = false;
  bool is_ping_ = false;
};

}  // namespace bench
