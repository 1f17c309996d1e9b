// Stub for builds without libedit; line_reader is used instead.

#include "platform/line_editor.hpp"

namespace twinsocket::app {

class line_editor::implementation {};

bool line_editor::is_available() { return false; }

line_editor::line_editor(boost::asio::io_context&) {}
line_editor::~line_editor() = default;

task<result<std::string>> line_editor::next() { co_return error(errc::unsupported, "this build has no line editing"); }
void line_editor::stop() {}
void line_editor::print(const std::string&) {}
void line_editor::replace_last_line(const std::string&) {}

}  // namespace twinsocket::app
