#pragma once

// Metrics as text, in the format of Prometheus, version 0.0.4.

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace twinsocket::detail {

class exposition {
 public:
  using label = std::pair<std::string_view, std::string_view>;

  /// Begins a family of samples; its name is without the suffixes of a histogram.
  void family(std::string_view name, std::string_view type, std::string_view help);
  /// A sample of the family that was begun last.
  void sample(std::initializer_list<label> labels, double value) { sample("", labels, value); }
  void sample(std::string_view suffix, std::initializer_list<label> labels, double value);

  /// A family of one sample without labels.
  void single(std::string_view name, std::string_view type, std::string_view help, double value) {
    family(name, type, help);
    sample({}, value);
  }

  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  std::string text_;
  std::string name_;
};

/// A number in the fewest digits that give it back.
[[nodiscard]] std::string number_text(double value);

}  // namespace twinsocket::detail
