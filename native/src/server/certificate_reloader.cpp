#include "server/certificate_reloader.hpp"

namespace twinsocket::detail {

namespace {

constexpr std::chrono::seconds check_interval{1};

}  // namespace

result<void> certificate_reloader::load() {
  const std::scoped_lock lock(mutex_);
  return load_locked();
}

std::shared_ptr<const tls_context> certificate_reloader::current() {
  const std::scoped_lock lock(mutex_);
  if (files().empty()) return current_;
  const auto now = std::chrono::steady_clock::now();
  if (now - last_check_ < check_interval) return current_;
  last_check_ = now;
  if (!(versions() == loaded_versions_)) static_cast<void>(load_locked());
  return current_;
}

std::string certificate_reloader::fingerprint() const {
  const std::scoped_lock lock(mutex_);
  return current_ ? current_->fingerprint() : std::string();
}

std::vector<std::string> certificate_reloader::files() const {
  std::vector<std::string> all = clients_.ca_files();
  if (!source_.certificate_file().empty()) all.insert(all.end(), {source_.certificate_file(), source_.key_file()});
  return all;
}

std::vector<file_version> certificate_reloader::versions() const {
  std::vector<file_version> found;
  for (const std::string& path : files()) found.push_back(version_of_file(path));
  return found;
}

// The certificate file and the key file seldom change at the same moment. In between they do not match, so loading fails.
// They are loaded again once the other file has changed too.
result<void> certificate_reloader::load_locked() {
  const bool first = !current_;
  result<std::shared_ptr<const tls_context>> made = error(errc::system);
  loaded_versions_ = versions();
  if (!source_.certificate_file().empty()) {
    auto certificate_text = read_small_file(source_.certificate_file());
    auto key_text = read_small_file(source_.key_file());
    made = !certificate_text ? certificate_text.error()
           : !key_text       ? key_text.error()
                             : tls_context::for_server(*certificate_text, *key_text,
                                                       source_.certificate_file() + " and " + source_.key_file(), clients_);
  } else {
    made = tls_context::for_server(source_.certificate(), source_.key(), "the certificate and its key", clients_);
  }
  if (!made) {
    if (!first) log_(log_level::error, "certificate not changed", made.error().message());
    return made.error();
  }
  current_ = std::move(*made);
  if (!first) log_(log_level::info, "certificate changed", current_->fingerprint());
  return {};
}

}  // namespace twinsocket::detail
