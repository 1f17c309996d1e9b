#pragma once

// Helpers of the tests of connections in a browser.

#include <optional>
#include <string>
#include <vector>

#include "fake_platform.hpp"
#include "twinsocket/browser/spawn.hpp"
#include "twinsocket/connect.hpp"

namespace browser_test {

using namespace twinsocket;

using sent_messages = std::vector<std::pair<bool, std::string>>;

inline limits small_limits() {
  return limits().max_message_size(1000).receive_queue_bytes(1000).send_queue_bytes(1'000'000);
}

/// Connects and stores the result.
struct client {
  std::optional<result<connection>> outcome;

  explicit client(connect_options options = connect_options().limits(small_limits()), std::string url = "ws://host/") {
    browser::spawn(start(this, std::move(url), std::move(options)));
  }
  static task<void> start(client* self, std::string url, connect_options options) {
    self->outcome.emplace(co_await connect(std::move(url), std::move(options)));
  }
  connection& socket() { return **outcome; }
};

inline task<void> receive_into(connection& from, std::vector<std::string>& texts) {
  while (auto next = co_await from.receive()) texts.emplace_back(next->text());
  texts.emplace_back("end");
}

inline task<void> send_and_record(connection& to, std::string text, std::vector<std::string>& notes) {
  const send_result sent = co_await to.send(text);
  notes.push_back(sent ? (sent.status() == send_status::queued ? "queued" : "accepted") : sent.error().message());
}

inline task<void> record_close(connection& from, std::optional<close_info>& info) { info = co_await from.closed(); }

inline std::string large(char c) { return std::string(1000, c); }

}  // namespace browser_test
