#pragma once

// A fake resolver for names that end in ".test". The test program is linked with -Wl,--wrap=getaddrinfo.

#include <string>
#include <vector>

/// Sets the addresses of a name.
void give_addresses(const std::string& name, std::vector<std::string> addresses);
/// Blocks lookups of a name until this object is destroyed.
class held_lookup {
 public:
  explicit held_lookup(const std::string& name);
  held_lookup(const held_lookup&) = delete;
  held_lookup& operator=(const held_lookup&) = delete;
  ~held_lookup();
  /// Waits until the name is looked up.
  void wait() const;

 private:
  std::string name_;
};
