#include "sensors/command.hpp"

#include "sensors/readings_text.hpp"
#include "sensors/split_words.hpp"
#include "sensors/valid_utf8.hpp"

namespace twinsocket::app {

namespace {

class command_source final : public sensor_source {
 public:
  command_source(std::string program, std::vector<std::string> words, const process_limits& limits)
      : program_(std::move(program)), words_(std::move(words)), limits_(limits) {}

  [[nodiscard]] std::string_view name() const noexcept override { return "command"; }

  [[nodiscard]] result<sample> read(std::stop_token stop) override {
    auto output = run_program(program_, words_, limits_, stop);
    if (!output) return output.error();
    sample out;
    out.text = to_valid_utf8(*output);
    out.readings = parse_readings(out.text, wall_clock_milliseconds());
    return out;
  }

 private:
  std::string program_;
  std::vector<std::string> words_;
  process_limits limits_;
};

}  // namespace

result<std::unique_ptr<sensor_source>> make_command_source(std::string_view command_line,
                                                           const process_limits& limits) {
  auto words = split_words(command_line);
  if (!words) return words.error();
  auto program = find_program(words->front());
  if (!program) return program.error();
  return std::make_unique<command_source>(std::move(*program), std::move(*words), limits);
}

}  // namespace twinsocket::app
