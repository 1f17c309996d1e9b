#include <variant>

#include "connect.hpp"
#include "options.hpp"
#include "serve.hpp"

namespace {

using namespace twinsocket::app;

struct run_it {
  exit_code operator()(exit_code code) const { return code; }
  exit_code operator()(const serve_settings& settings) const { return serve(settings); }
  exit_code operator()(const connect_settings& settings) const { return connect(settings); }
};

}  // namespace

int main(int count, char** words) { return static_cast<int>(std::visit(run_it(), parse_command_line(count, words))); }
