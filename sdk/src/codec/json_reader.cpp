#include "codec/json_parse.hpp"
#include "codec/typed_sink.hpp"
#include "twinsocket/json.hpp"

namespace twinsocket {

namespace detail {

std::string reason_of(const nlohmann::detail::exception& problem) {
  std::string_view what = problem.what();
  if (const std::size_t start = what.find("syntax error"); start != what.npos) what.remove_prefix(start);
  constexpr std::string_view last_read = "; last read: '";
  const std::size_t cut = what.find(last_read);
  std::string reason(what.substr(0, cut));
  if (cut == what.npos) return reason;
  constexpr std::string_view expected = "'; expected ";
  if (const std::size_t more = what.rfind(expected); more != what.npos && more > cut)
    reason.append(what.substr(more + 1));
  return reason;
}

}  // namespace detail

result<void> json_codec::read(const message& received, const detail::shape& type, void* value) const {
  detail::typed_sink sink(type, value, rules_);
  return detail::parse_json(received, sink);
}

}  // namespace twinsocket
