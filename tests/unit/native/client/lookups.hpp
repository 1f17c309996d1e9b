#pragma once

// The test program is linked with -Wl,--wrap=getaddrinfo: names that end in ".test" are looked up here.

#include <string>
#include <vector>

/// From now on this name has these addresses.
void give_addresses(const std::string& name, std::vector<std::string> addresses);
/// From now on a lookup of this name lasts until the returned object is gone.
class held_lookup {
 public:
  explicit held_lookup(const std::string& name);
  held_lookup(const held_lookup&) = delete;
  held_lookup& operator=(const held_lookup&) = delete;
  ~held_lookup();
  /// Waits until it is asked for.
  void wait() const;

 private:
  std::string name_;
};
