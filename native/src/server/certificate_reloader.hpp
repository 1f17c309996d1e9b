#pragma once

// The TLS certificate of a server, and its reloading while the server runs.

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "platform/file_version.hpp"
#include "tls/tls_context.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/native/client_certificate.hpp"
#include "twinsocket/native/log.hpp"
#include "twinsocket/native/tls.hpp"

namespace twinsocket::detail {

/// Thread-safe.
class certificate_reloader {
 public:
  using log_function = std::function<void(log_level, std::string_view event, std::string_view detail)>;
  certificate_reloader(tls_certificate from, client_certificates clients, log_function log)
      : source_(std::move(from)), clients_(std::move(clients)), log_(std::move(log)) {}

  [[nodiscard]] bool is_set() const noexcept { return source_.is_set(); }

  /// Loads the certificate. On an error, the current certificate stays in use.
  [[nodiscard]] result<void> load();

  /// The TLS context for the next connection. Checks at most once a second whether the files have changed, and reloads them
  /// if so. No timer is involved: an idle server does nothing.
  [[nodiscard]] std::shared_ptr<const tls_context> current();

  [[nodiscard]] std::string fingerprint() const;

 private:
  [[nodiscard]] std::vector<std::string> files() const;
  [[nodiscard]] std::vector<file_version> versions() const;
  [[nodiscard]] result<void> load_locked();

  const tls_certificate source_;
  const client_certificates clients_;
  const log_function log_;
  mutable std::mutex mutex_;
  std::shared_ptr<const tls_context> current_;
  std::vector<file_version> loaded_versions_;
  std::chrono::steady_clock::time_point last_check_{};
};

}  // namespace twinsocket::detail
