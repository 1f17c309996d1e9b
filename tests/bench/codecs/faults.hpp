#pragma once

// Documents that are wrong. They show what a library does not check.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "document.hpp"

namespace bench {

struct decoder {
  std::string library, format;
  std::function<std::optional<order>(const std::string& text)> decode;
};

/// Gives wrong documents to all decoders, and prints one line of JSON for each fault: who accepts it. The texts are documents
/// with one item.
void print_accepted_faults(const std::vector<decoder>& decoders, const std::string& json, const std::string& xml);

}  // namespace bench
