#include <algorithm>
#include <string_view>

#include "protocol/utf8.hpp"
#include "twinsocket/native/response_writer.hpp"

namespace twinsocket {
inline namespace native {

namespace {

using namespace std::string_view_literals;

bool is_one_line(std::string_view text) { return text.find_first_of("\r\n\0"sv) == text.npos; }

error refused(std::string_view what, std::string_view value) {
  return {errc::invalid_argument,
          "the " + std::string(what) + " of an event, \"" + std::string(value) + "\", has a line end or a NUL in it"};
}

// Each line of the data becomes a field of its own. The client joins them with LF.
void add_data(std::string& to, std::string_view data) {
  for (bool more = true; more;) {
    const std::size_t end = std::min(data.find_first_of("\r\n"), data.size());
    to.append("data: ").append(data.substr(0, end)).append("\n");
    more = end < data.size();
    data.remove_prefix(end);
    if (data.starts_with("\r\n")) {
      data.remove_prefix(2);
    } else if (more) {
      data.remove_prefix(1);
    }
  }
}

}  // namespace

result<std::string> server_sent_event::text() const {
  for (const std::string* part : {&data_, &type_, &id_})
    if (!detail::is_valid_utf8(*part)) return error(errc::invalid_utf8, "in a server-sent event");
  if (!is_one_line(type_)) return refused("type", type_);
  if (!is_one_line(id_)) return refused("id", id_);
  if (retry_ < std::chrono::milliseconds(0) && has_retry_)
    return error(errc::invalid_argument, "a retry time of " + std::to_string(retry_.count()) + " ms");
  std::string text;
  if (!type_.empty()) text += "event: " + type_ + "\n";
  if (!id_.empty()) text += "id: " + id_ + "\n";
  if (has_retry_) text += "retry: " + std::to_string(retry_.count()) + "\n";
  add_data(text, data_);
  return text += "\n";
}

}  // namespace native
}  // namespace twinsocket
