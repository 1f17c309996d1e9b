#pragma once

// Documents with an indent, for people.

#include <optional>
#include <string>

#include "twinsocket/message.hpp"

namespace twinsocket::app {

/// The JSON or XML document in a message, indented; nothing where the message is none. In JSON, keys, numbers and
/// strings stay exactly as they came.
[[nodiscard]] std::optional<std::string> pretty_json(const message& document);
[[nodiscard]] std::optional<std::string> pretty_xml(const message& document);

}  // namespace twinsocket::app
