#include "channels/redis_attempts.hpp"

#include <array>
#include <utility>

#include "channels/redis_script.hpp"
#include "loop.hpp"

namespace twinsocket::detail {

namespace {

constexpr int max_redirections = 8;

}  // namespace

std::optional<std::string_view> refusal_of(const redis_request& request) {
  return *request.answer ? (*request.answer)->value().error_text() : std::nullopt;
}

bool redis_attempts::may_repeat(const redis_request& request) {
  const auto refusal = refusal_of(request);
  return request.given_back || (refusal && (to_redirection(*refusal) || is_temporary(*refusal)));
}

redis_client::sent_request redis_attempts::send(redis_client& client, std::string_view channel, redis_command command) {
  const auto to = std::exchange(ask_, std::nullopt);
  if (!to) return client.send(channel, std::move(command));
  constexpr std::array<std::string_view, 1> asking{"ASKING"};
  command.text.insert(0, redis_command_text(asking));
  ++command.replies;
  return client.send(channel, *to, std::move(command));
}

task<result<void>> redis_attempts::prepare(std::shared_ptr<redis_state> state, std::shared_ptr<redis_request> last) {
  const auto refusal = refusal_of(*last);
  const auto redirection = refusal ? to_redirection(*refusal) : std::nullopt;
  if (!refusal || redirection) {
    if (++redirections_ > max_redirections)
      co_return error(errc::closed, "a Redis Cluster redirects a command more than 8 times" +
                                        (refusal ? ", at last: " + redis_error_text(*refusal) : std::string()));
    if (redirection && redirection->ask) {
      ask_ = redirection->to;
    } else if (redirection && state->client) {
      state->client->redirect(*redirection);
    }
    co_return result<void>();
  }
  const time_point now = loop::require_current().now();
  if (until_ == time_point::max()) until_ = add_saturating(now, state->settings->options.response_timeout);
  if (now >= until_) co_return error(errc::closed, "Redis refused the command: " + redis_error_text(*refusal));
  co_await sleep_for(redis_retry_delay);
  co_return result<void>();
}

}  // namespace twinsocket::detail
