#include "server/target.hpp"

#include "server/text.hpp"

namespace twinsocket::detail {

namespace {

int hex_value(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  c = to_lower(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// The value of a percent-encoded byte such as "%41" at this position, or -1.
int encoded_byte(std::string_view text, std::size_t at) noexcept {
  if (at + 2 >= text.size()) return -1;
  const int high = hex_value(text[at + 1]);
  const int low = hex_value(text[at + 2]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

bool decode_segment(std::string_view text, std::string& out) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\0') return false;
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const int byte = encoded_byte(text, i);
    if (byte <= 0) return false;
    out += static_cast<char>(byte);
    i += 2;
  }
  return true;
}

// Follows https://url.spec.whatwg.org/#concept-urlencoded-parser: an invalid encoding stands for itself.
std::string decode_form(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int byte = text[i] == '%' ? encoded_byte(text, i) : -1;
    if (byte >= 0) {
      out += static_cast<char>(byte);
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

}  // namespace

std::optional<target_parts> split_target(std::string_view target) {
  target_parts parts;
  if (target.find('#') != std::string_view::npos) return {};
  if (!target.starts_with('/')) {
    const std::size_t scheme = target.find("://");
    if (scheme == std::string_view::npos) return {};
    if (!iequals(target.substr(0, scheme), "http") && !iequals(target.substr(0, scheme), "https")) return {};
    target.remove_prefix(scheme + 3);
    const std::size_t end = std::min(target.find_first_of("/?"), target.size());
    parts.authority = target.substr(0, end);
    target.remove_prefix(end);
    // A URL without a path means "/" (RFC 9110 section 4.2.3). One with a query but no path is rejected; no client sends it.
    if (!target.empty() && target.front() == '?') return {};
    if (parts.authority.empty()) return {};
  }
  const std::size_t query = target.find('?');
  parts.path = target.substr(0, query);
  if (query != std::string_view::npos) parts.query = target.substr(query + 1);
  return parts;
}

result<std::vector<std::string>> path_segments(std::string_view path) {
  std::vector<std::string> segments;
  for (std::size_t first = 1; first <= path.size();) {
    const std::size_t end = std::min(path.find('/', first), path.size());
    const std::string_view text = path.substr(first, end - first);
    std::string& segment = segments.emplace_back();
    if (!decode_segment(text, segment))
      return error(errc::malformed, "\"" + std::string(text) + "\" in the path is not percent-encoded text");
    if (segment == "." || segment == "..")
      return error(errc::malformed, "\"" + std::string(text) + "\" is in the path");
    first = end + 1;
  }
  return segments;
}

std::optional<std::string> form_value(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view entry = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    const std::size_t equals = std::min(entry.find('='), entry.size());
    if (decode_form(entry.substr(0, equals)) == name)
      return decode_form(entry.substr(std::min(equals + 1, entry.size())));
  }
  return {};
}

}  // namespace twinsocket::detail
