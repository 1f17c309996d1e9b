#pragma once

// Reads objects of Windows Management Instrumentation (WMI).

#include <functional>
#include <optional>
#include <string>

struct IWbemClassObject;

namespace twinsocket::app {

/// An object of WMI. Valid during the call that passes it.
class wmi_object {
 public:
  explicit wmi_object(IWbemClassObject& object) noexcept : object_(object) {}

  /// The value of a property that is a number, or text with one. Empty if there is none.
  [[nodiscard]] std::optional<double> number(const wchar_t* property) const;
  /// The value of a property that is text, in UTF-8. Empty if there is none.
  [[nodiscard]] std::optional<std::string> text(const wchar_t* property) const;

 private:
  IWbemClassObject& object_;
};

/// Passes all objects of a class to `visit`, such as L"Win32_OperatingSystem" in L"root\\cimv2". Returns false if they
/// cannot be read: there is no such class, or only administrators may read it. Blocks: a second for each object, and up to two
/// minutes if WMI does not answer.
bool for_each_wmi_object(const wchar_t* name_space, const wchar_t* name_of_class,
                         const std::function<void(const wmi_object&)>& visit);

}  // namespace twinsocket::app
