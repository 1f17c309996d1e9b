#include "http/target.hpp"

#include <algorithm>

#include "http/percent_decoding.hpp"
#include "http/text.hpp"

namespace twinsocket::detail {

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
    auto segment = percent_decode_strict(text);
    if (!segment || segment->find('\0') != std::string::npos)
      return error(errc::malformed, "\"" + std::string(text) + "\" in the path is not percent-encoded text");
    if (*segment == "." || *segment == "..")
      return error(errc::malformed, "\"" + std::string(text) + "\" is in the path");
    segments.push_back(*std::move(segment));
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
    if (form_decode(entry.substr(0, equals)) == name)
      return form_decode(entry.substr(std::min(equals + 1, entry.size())));
  }
  return {};
}

}  // namespace twinsocket::detail
