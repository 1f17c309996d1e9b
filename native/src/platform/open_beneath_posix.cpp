#include "platform/open_beneath.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <string_view>

#include "platform/unique_fd.hpp"

namespace twinsocket::detail {

namespace {

using kind = opened_file::kind;

opened_file failed(int code) {
  opened_file f;
  if (code == EACCES || code == EPERM) f.what = kind::forbidden;
  if (code == EMFILE || code == ENFILE || code == ENOMEM) f.what = kind::exhausted;
  return f;
}

struct free_deleter {
  void operator()(char* text) const noexcept { std::free(text); }
};
using c_string = std::unique_ptr<char, free_deleter>;

bool is_plain_name(const std::string& segment) {
  return !segment.empty() && !segment.starts_with('.') &&
         segment.find_first_of(std::string_view("/\\\0", 3)) == std::string::npos;
}

// Opens a path without symbolic links, one component at a time with O_NOFOLLOW, so that a link that appears in the meantime
// is not followed.
unique_fd open_components(const std::string& folder, std::string_view rest) {
  constexpr int step = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
  unique_fd at(::open(folder.c_str(), step | O_DIRECTORY));
  while (at && !rest.empty()) {
    rest.remove_prefix(1);
    const std::size_t end = std::min(rest.find('/'), rest.size());
    const std::string name(rest.substr(0, end));
    rest.remove_prefix(end);
    at = unique_fd(::openat(at.get(), name.c_str(), step | (rest.empty() ? 0 : O_DIRECTORY)));
  }
  return at;
}

}  // namespace

opened_file open_beneath(const std::string& folder, std::span<const std::string> segments) {
  if (!std::all_of(segments.begin(), segments.end(), is_plain_name)) return {};
  std::string wanted = folder;
  for (const std::string& segment : segments) wanted.append("/").append(segment);

  // Resolves all links. `folder` may be a link too, whose target may change while the server runs.
  const c_string base(::realpath(folder.c_str(), nullptr));
  const c_string real(base ? ::realpath(wanted.c_str(), nullptr) : nullptr);
  if (!real) return failed(errno);
  std::string_view rest(real.get());
  const std::string_view root(base.get());
  if (root != "/") {
    if (!rest.starts_with(root)) return {};
    rest.remove_prefix(root.size());
  }
  if (rest == "/") rest = {};
  if (!rest.empty() && (rest.front() != '/' || rest.find("/.") != std::string_view::npos)) return {};

  opened_file f;
  f.file = input_file(open_components(base.get(), rest).release());
  struct stat status {};
  if (!f.file || ::fstat(static_cast<int>(f.file.descriptor()), &status) != 0) return failed(errno);
  if (S_ISDIR(status.st_mode)) f.what = kind::folder;
  if (S_ISREG(status.st_mode)) f.what = kind::file;
  f.size = static_cast<std::uint64_t>(status.st_size);
  f.modified = {status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
  return f;
}

}  // namespace twinsocket::detail
