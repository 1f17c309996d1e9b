#pragma once

// A fake resolver for names that end in ".test". The test program is linked with -Wl,--wrap=getaddrinfo.

#include <string>
#include <vector>

/// Sets the addresses of a name.
void set_addresses(const std::string& name, std::vector<std::string> addresses);
/// Blocks lookups of a name until this object is destroyed.
class blocked_lookup {
 public:
  explicit blocked_lookup(const std::string& name);
  blocked_lookup(const blocked_lookup&) = delete;
  blocked_lookup& operator=(const blocked_lookup&) = delete;
  ~blocked_lookup();
  /// Waits until the name is looked up.
  void wait() const;

 private:
  std::string name_;
};
