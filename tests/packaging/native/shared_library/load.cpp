#include <dlfcn.h>

#include <cstdio>

int main(int, char** arguments) {
  void* const plugin = dlopen(arguments[1], RTLD_NOW | RTLD_LOCAL);
  if (!plugin) {
    std::puts(dlerror());
    return 1;
  }
  auto* const start = reinterpret_cast<int (*)()>(dlsym(plugin, "start"));
  const int status = start();
  std::puts(status == 0 ? "talked" : "failed");
  return status;
}
