#pragma once

// One reading of a source, shared by all who listen.

#include <mutex>
#include <optional>
#include <string>

#include "demo-site/messages.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/prepared_message.hpp"

namespace twinsocket::app {

/// What was read at one time, or why that failed. It never changes and may be used from any thread; the messages are
/// encoded and framed when the first listener asks for them, once for all.
class snapshot {
 public:
  snapshot(demo::sensor_report report, std::string text) : report_(std::move(report)), text_(std::move(text)) {}
  /// A reading that failed.
  snapshot(demo::sensor_report report, error why) : report_(std::move(report)), error_(std::move(why)) {
    report_.error = error_->message();
  }

  [[nodiscard]] const demo::sensor_report& report() const noexcept { return report_; }
  /// The source's text for people; empty when the reading failed.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  /// Why the reading failed, if it did; report().error is the same as text.
  [[nodiscard]] const std::optional<error>& failure() const noexcept { return error_; }

  /// The report as a text message, ready to be sent to each who listens.
  [[nodiscard]] const result<prepared_message>& json() const;
  [[nodiscard]] const result<prepared_message>& xml() const;
  /// The same as a binary message.
  [[nodiscard]] const result<prepared_message>& cbor() const;

 private:
  struct encoded {
    std::once_flag once;
    std::optional<result<prepared_message>> as;
  };

  demo::sensor_report report_;
  std::string text_;
  std::optional<error> error_;
  mutable encoded json_;
  mutable encoded xml_;
  mutable encoded cbor_;
};

}  // namespace twinsocket::app
