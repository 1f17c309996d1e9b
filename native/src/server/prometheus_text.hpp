#pragma once

// Writes the text format of Prometheus, version 0.0.4.

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace twinsocket::detail {

class prometheus_text {
 public:
  using label = std::pair<std::string_view, std::string_view>;

  /// Begins a metric family. The name has no suffix such as _bucket.
  void family(std::string_view name, std::string_view type, std::string_view help);
  /// Adds a sample to the current family.
  void sample(std::initializer_list<label> labels, double value) { sample("", labels, value); }
  void sample(std::string_view suffix, std::initializer_list<label> labels, double value);

  /// Adds a family with one sample and no labels.
  void single(std::string_view name, std::string_view type, std::string_view help, double value) {
    family(name, type, help);
    sample({}, value);
  }

  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  std::string text_;
  std::string name_;
};

/// The shortest decimal text that parses to the same number.
[[nodiscard]] std::string format_number(double value);

}  // namespace twinsocket::detail
