#include "server/conditional.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "http/date.hpp"
#include "http/text.hpp"

namespace twinsocket::detail {

namespace {

enum class comparison : std::uint8_t { strong, weak };

// Whether a list of entity tags has this one. A tag may contain commas, so the list is read tag by tag.
bool has_etag(std::string_view list, std::string_view etag, comparison how) {
  if (trimmed(list) == "*") return true;
  for (;;) {
    const std::size_t open = list.find('"');
    if (open == std::string_view::npos) return false;
    const std::size_t close = list.find('"', open + 1);
    if (close == std::string_view::npos) return false;
    const bool is_weak = trimmed(list.substr(0, open)).ends_with("W/");
    if (list.substr(open, close + 1 - open) == etag && (!is_weak || how == comparison::weak)) return true;
    list.remove_prefix(close + 1);
  }
}

bool any_has_etag(const std::vector<std::string_view>& values, std::string_view etag, comparison how) {
  return std::any_of(values.begin(), values.end(), [&](std::string_view value) { return has_etag(value, etag, how); });
}

// Section 13.2.2: returns 412, 304, or 0 if the conditions hold.
unsigned check_conditions(const request& req, const representation& whole) {
  const auto date = [&](std::string_view header) -> std::optional<std::time_t> {
    const auto value = req.header(header);
    return value ? parse_http_date(*value) : std::nullopt;
  };
  if (const auto wanted = req.headers("If-Match"); !wanted.empty()) {
    if (!any_has_etag(wanted, whole.etag, comparison::strong)) return 412;
  } else if (const auto since = date("If-Unmodified-Since"); since && whole.modified > *since) {
    return 412;
  }
  if (const auto known = req.headers("If-None-Match"); !known.empty()) {
    if (any_has_etag(known, whole.etag, comparison::weak)) return 304;
  } else if (const auto since = date("If-Modified-Since"); since && whole.modified <= *since) {
    return 304;
  }
  return 0;
}

// If-Range, section 13.1.5: a range is useful only if the file is still the one that the client has a part of.
bool range_is_current(const request& req, const representation& whole) {
  const auto condition = req.header("If-Range");
  if (!condition) return true;
  if (condition->find('"') != std::string_view::npos) return *condition == whole.etag;
  return parse_http_date(*condition) == whole.modified;
}

// Digits only. A number that is out of range becomes the largest value.
std::optional<std::uint64_t> parse_position(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size() || text.empty()) return {};
  if (failure == std::errc::result_out_of_range) return std::uint64_t(-1);
  return failure == std::errc() ? std::optional(value) : std::nullopt;
}

// Section 14.1.2. Empty if the header is ignored: another unit, several ranges, or malformed.
std::optional<selection> parse_range(std::string_view text, std::uint64_t size) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos || !iequals(trimmed(text.substr(0, equals)), "bytes")) return {};
  const std::string_view range = trimmed(text.substr(equals + 1));
  const std::size_t dash = range.find('-');
  if (dash == std::string_view::npos) return {};
  const std::string_view from = range.substr(0, dash);
  const std::string_view to = range.substr(dash + 1);
  const selection unsatisfiable{.status = 416};

  if (from.empty()) {
    const auto last_bytes = parse_position(to);
    if (!last_bytes) return {};
    if (*last_bytes == 0 || size == 0) return unsatisfiable;
    const std::uint64_t count = std::min(*last_bytes, size);
    return selection{.status = 206, .first = size - count, .size = count};
  }
  const auto first = parse_position(from);
  const auto last = to.empty() ? std::optional(std::uint64_t(-1)) : parse_position(to);
  if (!first || !last || *last < *first) return {};
  if (*first >= size) return unsatisfiable;
  return selection{.status = 206, .first = *first, .size = std::min(*last, size - 1) - *first + 1};
}

// The weight of an element of Accept-Encoding in thousandths: 1000 if absent, 0 if malformed.
int weight(std::string_view parameters) {
  while (!parameters.empty()) {
    std::string_view one = next_element(parameters, ';');
    if (one.size() < 2 || to_lower(one[0]) != 'q' || one[1] != '=') continue;
    one.remove_prefix(2);
    if (one.empty() || one.size() > 5 || (one[0] != '0' && one[0] != '1') || (one.size() > 1 && one[1] != '.'))
      return 0;
    int value = 0;
    int unit = 1000;
    for (const char c : one) {
      if (c == '.') continue;
      if (c < '0' || c > '9') return 0;
      value += (c - '0') * unit;
      unit /= 10;
    }
    return std::min(value, 1000);
  }
  return 1000;
}

}  // namespace

selection select_range(const request& req, const representation& whole) {
  if (const unsigned status = check_conditions(req, whole); status != 0) return {.status = status};
  if (req.method() == "GET" && range_is_current(req, whole))
    if (const auto ranges = req.headers("Range"); ranges.size() == 1)
      if (const auto part = parse_range(ranges.front(), whole.size)) return *part;
  return {.status = 200, .first = 0, .size = whole.size};
}

coding_preference preferred_codings(const request& req) {
  std::optional<int> br;
  std::optional<int> gzip;
  std::optional<int> any;
  std::optional<int> identity;
  for (std::string_view value : req.headers("Accept-Encoding")) {
    while (!value.empty()) {
      std::string_view element = next_element(value, ',');
      const std::string_view name = next_element(element, ';');
      const int q = weight(element);
      if (iequals(name, "br")) br = q;
      if (iequals(name, "gzip") || iequals(name, "x-gzip")) gzip = q;
      if (iequals(name, "identity")) identity = q;
      if (name == "*") any = q;
    }
  }
  // A coding is preferred to identity, unless the client gives identity a greater weight.
  const int as_it_is = identity.value_or(1);
  const int b = br.value_or(any.value_or(0));
  const int g = gzip.value_or(any.value_or(0));
  const bool want_b = b > 0 && b >= as_it_is;
  const bool want_g = g > 0 && g >= as_it_is;
  if (want_b && want_g) return b >= g ? coding_preference{"br", "gzip"} : coding_preference{"gzip", "br"};
  return {want_b ? "br" : want_g ? "gzip" : "", ""};
}

}  // namespace twinsocket::detail
