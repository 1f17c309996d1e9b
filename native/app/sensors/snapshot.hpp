#pragma once

// The result of one read of a source, shared by all listeners.

#include <optional>
#include <string>

#include "demo-site/messages.hpp"
#include "twinsocket/error.hpp"

namespace twinsocket::app {

/// The readings of one read, or why it failed. Immutable.
class snapshot {
 public:
  snapshot(demo::sensor_report report, std::string text) : report_(std::move(report)), text_(std::move(text)) {}
  /// A failed read.
  snapshot(demo::sensor_report report, error why) : report_(std::move(report)), error_(std::move(why)) {
    report_.error = error_->message();
  }

  [[nodiscard]] const demo::sensor_report& report() const noexcept { return report_; }
  /// The text of the source; empty if the read failed.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  /// Why the read failed, if it did; report().error has the same as text.
  [[nodiscard]] const std::optional<error>& failure() const noexcept { return error_; }

 private:
  demo::sensor_report report_;
  std::string text_;
  std::optional<error> error_;
};

}  // namespace twinsocket::app
