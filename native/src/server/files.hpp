#pragma once

// A folder of files as answers to requests.

#include <cstdint>
#include <span>
#include <string>

#include "server/open_below.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/native/options.hpp"
#include "twinsocket/native/request.hpp"
#include "twinsocket/native/response.hpp"

namespace twinsocket::detail {

/// An answer whose content is in a file, or in the response itself where there is no file.
struct file_answer {
  response head;
  file_handle content{};
  std::uint64_t first = 0;
  std::uint64_t size = 0;
};

class file_folder {
 public:
  /// errc::invalid_argument where the folder is not one.
  [[nodiscard]] static result<file_folder> make(const std::string& folder, file_options options);

  /// The answer to a GET or HEAD of what the segments name below the folder. An empty last one stands for a folder, and
  /// none at all for this folder, asked for without the "/" at the end.
  [[nodiscard]] file_answer answer(const request& asked, std::span<const std::string> segments) const;

 private:
  [[nodiscard]] file_answer send(const request& asked, std::string name, found_file plain,
                                 std::vector<std::string> segments) const;

  std::string folder_;
  file_options options_;
};

}  // namespace twinsocket::detail
