#include "protocol/deflate_negotiation.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace twinsocket::detail {

namespace {

constexpr std::string_view extension_name = "permessage-deflate";
constexpr std::string_view server_takeover = "server_no_context_takeover";
constexpr std::string_view client_takeover = "client_no_context_takeover";
constexpr std::string_view server_bits = "server_max_window_bits";
constexpr std::string_view client_bits = "client_max_window_bits";
constexpr int max_bits = 15;

void add(std::string& text, std::string_view name) { text.append("; ").append(name); }
void add(std::string& text, std::string_view name, int bits) {
  add(text, name);
  text.append("=").append(std::to_string(bits));
}

// The parameters of one offer or response, each of them valid.
struct deflate_extension {
  bool server_no_context_takeover = false;
  bool client_no_context_takeover = false;
  std::optional<int> server_max_window_bits;
  std::optional<int> client_max_window_bits;
  bool limits_client = false;  // client_max_window_bits is present, with or without a value.
};

// Section 7.1.2: a decimal number from 8 to 15, without leading zeros.
std::optional<int> window_bits(const std::string& text) {
  if (text == "8" || text == "9") return text[0] - '0';
  if (text.size() == 2 && text[0] == '1' && text[1] >= '0' && text[1] <= '5') return 10 + text[1] - '0';
  return {};
}

std::string quoted(const extension_parameter& parameter) {
  return "\"" + parameter.name + (parameter.value ? "=" + *parameter.value : std::string()) + "\"";
}

// Fills `out`. Returns what is wrong, or "" on success.
std::string read(const extension& from, deflate_extension& out) {
  for (const extension_parameter& parameter : from.parameters) {
    const auto is_same = [&](const extension_parameter& other) { return other.name == parameter.name; };
    if (std::count_if(from.parameters.begin(), from.parameters.end(), is_same) > 1)
      return "the parameter \"" + parameter.name + "\" occurs twice";
    if (parameter.name == server_takeover || parameter.name == client_takeover) {
      if (parameter.value) return quoted(parameter) + " has a value";
      (parameter.name == server_takeover ? out.server_no_context_takeover : out.client_no_context_takeover) = true;
    } else if (parameter.name == server_bits || parameter.name == client_bits) {
      const bool clients = parameter.name == client_bits;
      out.limits_client = out.limits_client || clients;
      // Only client_max_window_bits may lack a value, and only in an offer.
      if (clients && !parameter.value) continue;
      auto& bits = clients ? out.client_max_window_bits : out.server_max_window_bits;
      bits = parameter.value ? window_bits(*parameter.value) : std::nullopt;
      if (!bits) return quoted(parameter) + " is not a number from 8 to 15";
    } else {
      return quoted(parameter) + " is not a parameter of permessage-deflate";
    }
  }
  return {};
}

deflate_selection accept_offer(const deflate_extension& offer, const deflate_parameters& preferences) {
  deflate_parameters agreed;
  agreed.server_no_context_takeover = offer.server_no_context_takeover || preferences.server_no_context_takeover;
  agreed.client_no_context_takeover = offer.client_no_context_takeover || preferences.client_no_context_takeover;
  agreed.server_max_window_bits =
      std::min(offer.server_max_window_bits.value_or(max_bits), preferences.server_max_window_bits);
  // Section 7.1.2.2: the server must not limit the window of a client that does not send this parameter.
  if (offer.limits_client)
    agreed.client_max_window_bits =
        std::min(offer.client_max_window_bits.value_or(max_bits), preferences.client_max_window_bits);

  std::string answer(extension_name);
  if (agreed.server_no_context_takeover) add(answer, server_takeover);
  if (agreed.client_no_context_takeover) add(answer, client_takeover);
  if (offer.server_max_window_bits || agreed.server_max_window_bits < max_bits)
    add(answer, server_bits, agreed.server_max_window_bits);
  if (agreed.client_max_window_bits < max_bits) add(answer, client_bits, agreed.client_max_window_bits);
  return {agreed, std::move(answer)};
}

// What is wrong with a response to this offer, or "".
std::string compare(const deflate_extension& answer, const deflate_parameters& preferences) {
  if (preferences.server_no_context_takeover && !answer.server_no_context_takeover)
    return "\"server_no_context_takeover\" was requested and is missing";
  if (preferences.server_max_window_bits < max_bits && !answer.server_max_window_bits)
    return "\"server_max_window_bits=" + std::to_string(preferences.server_max_window_bits) +
           "\" was requested and is missing";
  if (answer.server_max_window_bits && *answer.server_max_window_bits > preferences.server_max_window_bits)
    return "\"server_max_window_bits=" + std::to_string(*answer.server_max_window_bits) + "\" is more than the " +
           std::to_string(preferences.server_max_window_bits) + " that was requested";
  if (answer.limits_client && !answer.client_max_window_bits) return "\"client_max_window_bits\" has no value";
  if (answer.client_max_window_bits && *answer.client_max_window_bits > preferences.client_max_window_bits)
    return "\"client_max_window_bits=" + std::to_string(*answer.client_max_window_bits) + "\" is more than the " +
           std::to_string(preferences.client_max_window_bits) + " that was offered";
  return {};
}

}  // namespace

std::string deflate_offer(const deflate_parameters& preferences) {
  std::string offer(extension_name);
  if (preferences.server_no_context_takeover) add(offer, server_takeover);
  if (preferences.client_no_context_takeover) add(offer, client_takeover);
  if (preferences.server_max_window_bits < max_bits) add(offer, server_bits, preferences.server_max_window_bits);
  if (preferences.client_max_window_bits < max_bits) {
    add(offer, client_bits, preferences.client_max_window_bits);
  } else {
    add(offer, client_bits);
  }
  return offer;
}

std::optional<deflate_selection> choose_deflate(std::span<const extension> offers,
                                                const deflate_parameters& preferences) {
  for (const extension& offer : offers) {
    deflate_extension asked;
    if (offer.name != extension_name || !read(offer, asked).empty()) continue;
    return accept_offer(asked, preferences);
  }
  return {};
}

result<std::optional<deflate_parameters>> check_deflate(std::span<const extension> answer,
                                                        const deflate_parameters* preferences) {
  const auto flaw = [](const std::string& text) { return error(errc::handshake_failed, text); };
  if (answer.empty()) return std::optional<deflate_parameters>();
  if (!preferences || answer.front().name != extension_name)
    return flaw("the server chose the extension \"" + answer.front().name + "\", which was not offered");
  if (answer.size() > 1)
    return flaw("the server chose the extensions \"" + answer[0].name + "\" and \"" + answer[1].name +
                "\", but only one was offered");
  deflate_extension told;
  std::string wrong = read(answer.front(), told);
  if (wrong.empty()) wrong = compare(told, *preferences);
  if (!wrong.empty()) return flaw("the server's answer to permessage-deflate (RFC 7692 section 7.1): " + wrong);

  deflate_parameters agreed;
  agreed.server_no_context_takeover = told.server_no_context_takeover;
  agreed.client_no_context_takeover = told.client_no_context_takeover || preferences->client_no_context_takeover;
  agreed.server_max_window_bits = told.server_max_window_bits.value_or(max_bits);
  agreed.client_max_window_bits = told.client_max_window_bits.value_or(preferences->client_max_window_bits);
  return std::optional<deflate_parameters>(agreed);
}

}  // namespace twinsocket::detail
