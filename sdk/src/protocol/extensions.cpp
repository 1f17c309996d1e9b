#include "protocol/extensions.hpp"

#include <utility>

#include "protocol/handshake.hpp"

namespace twinsocket::detail {

namespace {

// Scans a header field. White space is permitted everywhere except inside a token or quoted string.
class scanner {
 public:
  explicit scanner(std::string_view text) noexcept : rest_(text) { skip_space(); }

  [[nodiscard]] bool at_end() const noexcept { return rest_.empty(); }

  bool take(char wanted) noexcept {
    if (rest_.empty() || rest_.front() != wanted) return false;
    rest_.remove_prefix(1);
    skip_space();
    return true;
  }

  std::optional<std::string> token() {
    std::size_t size = 0;
    while (size < rest_.size() && is_token(rest_.substr(size, 1))) ++size;
    if (size == 0) return {};
    std::string found(rest_.substr(0, size));
    rest_.remove_prefix(size);
    skip_space();
    return found;
  }

  // The unescaped value of a quoted string, which has to be a token as well.
  std::optional<std::string> quoted() {
    std::string found;
    for (std::size_t i = 1; i < rest_.size(); ++i) {
      if (rest_[i] == '"') {
        if (!is_token(found)) return {};
        rest_.remove_prefix(i + 1);
        skip_space();
        return found;
      }
      if (rest_[i] == '\\' && ++i == rest_.size()) return {};
      found += rest_[i];
    }
    return {};
  }

  std::optional<std::string> value() { return rest_.starts_with('"') ? quoted() : token(); }

 private:
  void skip_space() noexcept {
    while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == '\t')) rest_.remove_prefix(1);
  }

  std::string_view rest_;
};

std::optional<extension> take_extension(scanner& from) {
  auto name = from.token();
  if (!name) return {};
  extension found{*std::move(name), {}};
  while (from.take(';')) {
    auto parameter = from.token();
    if (!parameter) return {};
    std::optional<std::string> value;
    if (from.take('=') && !(value = from.value())) return {};
    found.parameters.push_back({*std::move(parameter), std::move(value)});
  }
  return found;
}

}  // namespace

bool parse_extensions(std::string_view header_value, std::vector<extension>& list) {
  scanner from(header_value);
  while (!from.at_end()) {
    // RFC 9110 section 5.6.1.2: empty elements are skipped.
    if (from.take(',')) continue;
    auto found = take_extension(from);
    if (!found || !(from.at_end() || from.take(','))) return false;
    list.push_back(*std::move(found));
  }
  return true;
}

}  // namespace twinsocket::detail
