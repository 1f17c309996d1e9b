#pragma once

// Values of arbitrary types, keyed by type. A request hook attaches them to the request for the handler.

#include "twinsocket/detail/cxx20.hpp"

#include <memory>
#include <type_traits>
#include <typeindex>
#include <typeinfo>
#include <utility>
#include <vector>

namespace twinsocket {
inline namespace native {

/// Holds at most one value of each type. Copies share the values, which are const, so several threads may read them at the
/// same time. The values need not be copyable.
class attributes {
 public:
  /// Stores a value. Replaces an existing value of the same type.
  template <class T>
  void set(T value) {
    static_assert(std::is_object_v<T> && !std::is_pointer_v<T>,
                  "a pointer does not own its target: pass the value or a std::shared_ptr");
    assign(typeid(T), std::make_shared<const T>(std::move(value)));
  }

  /// Returns the value of this type, or null. It stays valid as long as any copy of these attributes.
  template <class T>
  [[nodiscard]] const T* get() const noexcept {
    for (const auto& [type, value] : values_)
      if (type == typeid(T)) return static_cast<const T*>(value.get());
    return nullptr;
  }

  [[nodiscard]] bool empty() const noexcept { return values_.empty(); }  ///< True without a value of any type.

  /// Adds the values of `others`. They replace existing values of the same types.
  void merge(const attributes& others) {
    for (const auto& [type, value] : others.values_) assign(type, value);
  }

 private:
  void assign(std::type_index type, std::shared_ptr<const void> value) {
    for (auto& entry : values_)
      if (entry.first == type) {
        entry.second = std::move(value);
        return;
      }
    values_.emplace_back(type, std::move(value));
  }

  std::vector<std::pair<std::type_index, std::shared_ptr<const void>>> values_;
};

}  // namespace native
}  // namespace twinsocket
