// Prints js/abi.ts: the enumerations, the options and the limits of C++ that the npm package repeats. Every name and every
// value comes from the headers, by the compiler.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "abi_types.hpp"
#include "enumerators.hpp"
#include "message_session.hpp"
#include "twinsocket/close.hpp"
#include "twinsocket/detail/document.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/reconnect.hpp"
#include "twinsocket/reconnect_phase.hpp"
#include "twinsocket/send_options.hpp"

using namespace twinsocket;
using detail::enumerator;

namespace {

/// "max_message_size" as "maxMessageSize".
std::string camel_case(std::string_view name) {
  std::string text;
  bool starts_word = false;
  for (const char c : name) {
    if (c != '_') text += static_cast<char>(starts_word ? c - 'a' + 'A' : c);
    starts_word = c == '_';
  }
  return text;
}

std::string kebab_case(std::string_view name) {
  std::string text(name);
  std::replace(text.begin(), text.end(), '_', '-');
  return text;
}

template <class T>
std::string number(T value) {
  if constexpr (std::is_same_v<T, std::chrono::milliseconds>) {
    return std::to_string(value.count());
  } else if constexpr (std::is_same_v<T, double>) {
    char text[32];
    std::snprintf(text, sizeof text, "%.17g", value);
    return text;
  } else {
    return std::to_string(value);
  }
}

void comment(const char* text) { std::printf("\n/** %s */\n", text); }

/// The names of an enumeration whose values are 0, 1, 2 and so on.
void print_names(const char* name, std::vector<enumerator> all, std::string (*spell)(std::string_view)) {
  std::string line = std::string("export const ") + name + " = [";
  std::string lines = line + "\n";
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string quoted = "'" + spell(all[i].name) + "'";
    line += (i == 0 ? "" : ", ") + quoted;
    lines += "  " + quoted + ",\n";
  }
  constexpr std::size_t width = 120;  // That of Biome's formatter.
  line += "] as const;";
  std::puts((line.size() <= width ? line : lines + "] as const;").c_str());
}

void print_enum(const char* name, const std::vector<enumerator>& all) {
  std::printf("export const enum %s {\n", name);
  for (const enumerator& each : all) std::printf("  %s = %d,\n", camel_case(each.name).c_str(), each.value);
  std::puts("}");
}

template <class Options>
void print_defaults(const char* name, Options all) {
  std::printf("export const %s = {\n", name);
  detail::for_each_option(all, [](std::string_view option, auto value, auto) {
    std::printf("  %s: %s,\n", camel_case(option).c_str(), number(value).c_str());
  });
  std::puts("} as const;");
}

void print_number(const char* name, long long value) { std::printf("export const %s = %lld;\n", name, value); }

std::string as_it_is(std::string_view name) { return std::string(name); }

}  // namespace

int main() {
  std::puts("// Generated from C++ by src/print_abi.cpp. Do not edit it: a test compares both.");

  comment("The names of `twinsocket::errc`, in the order of their values.");
  print_names("errorCodes", detail::enumerators<errc>(), as_it_is);
  comment("The names of `twinsocket::close_initiator`, in the order of their values.");
  print_names("closeInitiators", detail::enumerators<close_initiator>(), as_it_is);
  comment("The names of `twinsocket::reconnect_phase`, in the order of their values.");
  print_names("reconnectPhases", detail::enumerators<reconnect_phase>(), as_it_is);
  comment("The names of `twinsocket::overflow_policy`.");
  print_names("overflowPolicies", detail::enumerators<overflow_policy>(), kebab_case);

  comment("@internal State of a connection.");
  print_enum("Phase", detail::enumerators<detail::connection_phase>());
  comment("@internal Bits of the state of the page.");
  print_enum("PageBit", detail::enumerators<detail::page_bit>());
  comment("@internal Close codes.");
  print_enum("CloseCode", detail::enumerators<close_code, 1000>());

  // The order of the members is that in which C++ reads them.
  comment("@internal The defaults of `limits`, in the order of `for_each_option`.");
  print_defaults("limitDefaults", limits());
  comment("@internal The defaults of `keepalive`, in the order of `for_each_option`.");
  print_defaults("keepaliveDefaults", keepalive());
  comment("@internal The defaults of `reconnect_policy`, in the order of `for_each_option`.");
  print_defaults("reconnectDefaults", reconnect_policy());

  comment("@internal Default timeout of connecting, in milliseconds.");
  print_number("defaultTimeout", connect_options().timeout().count());
  comment("@internal Default size of the offline queue, in bytes.");
  print_number("defaultOfflineQueueBytes", static_cast<long long>(reconnect_options().offline_queue_bytes()));
  comment("@internal Bytes that a message in a receive queue counts in addition to its payload.");
  print_number("messageOverhead", static_cast<long long>(detail::message_session::message_overhead));
  comment("@internal Maximum size of a close reason, in bytes of UTF-8.");
  print_number("maxCloseReason", static_cast<long long>(max_close_reason));
  comment("@internal Largest nesting depth of arrays and objects, or of elements.");
  print_number("maxDepth", static_cast<long long>(detail::document_options().max_depth));
}
