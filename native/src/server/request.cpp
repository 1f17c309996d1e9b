#include "twinsocket/native/request.hpp"

#include "http/target.hpp"
#include "http/text.hpp"

namespace twinsocket {
inline namespace native {

std::string_view request::parameter(std::string_view name) const& noexcept {
  for (const pair& p : parameters_)
    if (view(p.name) == name) return view(p.value);
  return {};
}

std::optional<std::string> request::query(std::string_view name) const {
  return detail::form_value(view(query_), name);
}

std::optional<std::string_view> request::header(std::string_view name) const& noexcept {
  for (const pair& field : fields_)
    if (detail::iequals(view(field.name), name)) return view(field.value);
  return {};
}

std::vector<std::string_view> request::headers(std::string_view name) const& {
  std::vector<std::string_view> values;
  for (const pair& field : fields_)
    if (detail::iequals(view(field.name), name)) values.push_back(view(field.value));
  return values;
}

std::optional<std::string_view> request::cookie(std::string_view name) const& noexcept {
  for (const pair& field : fields_) {
    if (!detail::iequals(view(field.name), "cookie")) continue;
    for (std::string_view list = view(field.value); !list.empty();) {
      const std::string_view entry = detail::next_element(list, ';');
      const std::size_t equals = entry.find('=');
      if (equals != std::string_view::npos && entry.substr(0, equals) == name) return entry.substr(equals + 1);
    }
  }
  return {};
}

}  // namespace native
}  // namespace twinsocket
