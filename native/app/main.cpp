#include <variant>

#include "connect.hpp"
#include "options.hpp"
#include "output.hpp"
#include "platform/arguments.hpp"
#include "platform/standard_streams.hpp"
#include "serve.hpp"

namespace {

using namespace twinsocket::app;

struct run_command {
  exit_code operator()(exit_code code) const { return code; }
  exit_code operator()(const serve_settings& settings) const { return serve(settings); }
  exit_code operator()(const connect_settings& settings) const { return connect(settings); }
};

}  // namespace

int main(int count, char** words) {
  prepare_standard_streams();
  exit_code code = std::visit(run_command(), parse_command_line(arguments_of(count, words)));
  if (standard_output().failed()) {
    print_error("standard output was not written completely");
    if (code == exit_code::success) code = exit_code::stream_failed;
  }
  if (standard_error().failed() && code == exit_code::success) code = exit_code::stream_failed;
  return static_cast<int>(code);
}
