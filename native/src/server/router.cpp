#include "server/router.hpp"

#include <algorithm>

#include "server/file_server.hpp"

namespace twinsocket::detail {

namespace {

error pattern_error(std::string_view pattern, std::string_view why) {
  return {errc::invalid_argument, "the pattern \"" + std::string(pattern) + "\" " + std::string(why)};
}

bool is_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

result<pattern_segment> parse_segment(std::string_view pattern, std::string_view text) {
  if (text.find_first_of("{}") == std::string_view::npos) {
    if (text == "." || text == "..") return pattern_error(pattern, "must not have \".\" or \"..\" segments");
    return pattern_segment{std::string(text), false};
  }
  if (!text.starts_with('{') || !text.ends_with('}') || !is_name(text.substr(1, text.size() - 2)))
    return pattern_error(pattern, "has a segment that is neither literal text nor {name}, nor {name...} at the end");
  return pattern_segment{std::string(text.substr(1, text.size() - 2)), true};
}

// Removes "{name...}" from the end of a pattern and returns the name, "" if there is none.
std::string take_wildcard(std::string_view& pattern) {
  const std::size_t last = pattern.rfind('/');
  if (last == std::string_view::npos) return {};
  const std::string_view segment = pattern.substr(last + 1);
  if (!segment.starts_with('{') || !segment.ends_with("...}")) return {};
  const std::string_view name = segment.substr(1, segment.size() - 5);
  if (!is_name(name)) return {};
  pattern = pattern.substr(0, last + 1);
  return std::string(name);
}

result<std::vector<pattern_segment>> parse_pattern(std::string_view pattern) {
  if (!pattern.starts_with('/')) return pattern_error(pattern, "does not begin with /");
  if (pattern.find_first_of("?#") != std::string_view::npos)
    return pattern_error(pattern, "is not a path: it has a ? or #");
  std::vector<pattern_segment> segments;
  for (std::size_t first = 1; first <= pattern.size();) {
    const std::size_t end = std::min(pattern.find('/', first), pattern.size());
    auto segment = parse_segment(pattern, pattern.substr(first, end - first));
    if (!segment) return segment.error();
    if (segment->text.empty() && end < pattern.size()) return pattern_error(pattern, "has an empty segment");
    for (const pattern_segment& earlier : segments)
      if (segment->parameter && earlier == *segment) return pattern_error(pattern, "has two parameters of one name");
    segments.push_back(std::move(*segment));
    first = end + 1;
  }
  return segments;
}

// Rank of a pattern at one segment, most specific first: end, literal text, parameter, everything below.
int rank(const route& r, std::size_t at) {
  if (at == r.pattern.size()) return r.below ? 3 : 0;
  return r.pattern[at].parameter ? 2 : 1;
}

bool more_specific(const std::unique_ptr<route>& a, const std::unique_ptr<route>& b) {
  for (std::size_t i = 0; i <= std::min(a->pattern.size(), b->pattern.size()); ++i)
    if (rank(*a, i) != rank(*b, i)) return rank(*a, i) < rank(*b, i);
  return false;
}

bool matches(const route& r, const std::vector<std::string>& segments) {
  if (r.below ? segments.size() < r.pattern.size() : segments.size() != r.pattern.size()) return false;
  return std::equal(r.pattern.begin(), r.pattern.end(), segments.begin(),
                    [](const pattern_segment& wanted, const std::string& segment) {
                      return wanted.parameter ? !segment.empty() : wanted.text == segment;
                    });
}

bool same_shape(const route& a, const route& b) {
  return a.below == b.below && std::equal(a.pattern.begin(), a.pattern.end(), b.pattern.begin(), b.pattern.end(),
                                          [](const auto& x, const auto& y) {
                                            return x.parameter == y.parameter && (x.parameter || x.text == y.text);
                                          });
}

}  // namespace

const http_handler* route::handler(std::string_view method) const {
  for (const std::string_view wanted : {method, std::string_view(method == "HEAD" ? "GET" : "")})
    for (const auto& [name, function] : methods)
      if (name == wanted) return &function;
  return nullptr;
}

std::string route::allowed() const {
  std::string list = handler("GET") || files ? "GET, HEAD" : websocket ? "GET" : "";
  for (const auto& [name, function] : methods)
    if (name != "GET" && name != "HEAD") list.append(list.empty() ? "" : ", ").append(name);
  return list;
}

router::router() = default;
router::router(router&&) noexcept = default;
router::~router() = default;

result<route*> router::at(std::string_view pattern, bool below) {
  std::string_view prefix = pattern;
  std::string rest = take_wildcard(prefix);
  if (below && !rest.empty()) return pattern_error(pattern, "must not end in {name...}: it covers all files below it");
  below = below || !rest.empty();
  auto segments = parse_pattern(prefix);
  if (!segments) return segments.error();
  if (std::find(segments->begin(), segments->end(), pattern_segment{rest, true}) != segments->end())
    return pattern_error(pattern, "has two parameters of one name");
  auto wanted = std::make_unique<route>();
  wanted->pattern = std::move(*segments);
  wanted->below = below;
  if (below && wanted->pattern.back().text.empty()) wanted->pattern.pop_back();
  for (const auto& there : routes_) {
    if (!same_shape(*there, *wanted)) continue;
    if (there->pattern != wanted->pattern || (!rest.empty() && !there->rest.empty() && there->rest != rest))
      return pattern_error(pattern, "exists already with other parameter names");
    if (!rest.empty()) there->rest = std::move(rest);
    return there.get();
  }
  wanted->rest = std::move(rest);
  const auto position = std::upper_bound(routes_.begin(), routes_.end(), wanted, more_specific);
  return routes_.insert(position, std::move(wanted))->get();
}

router::match router::find(const std::vector<std::string>& segments) const {
  match m;
  const auto found = std::find_if(routes_.begin(), routes_.end(), [&](const auto& r) { return matches(*r, segments); });
  if (found == routes_.end()) return m;
  m.found = found->get();
  for (std::size_t i = 0; i < m.found->pattern.size(); ++i)
    if (m.found->pattern[i].parameter) m.parameters.emplace_back(m.found->pattern[i].text, segments[i]);
  if (m.found->rest.empty()) return m;
  for (std::size_t i = m.found->pattern.size(); i < segments.size(); ++i) {
    if (i != m.found->pattern.size()) m.rest += '/';
    m.rest += segments[i];
  }
  return m;
}

}  // namespace twinsocket::detail
