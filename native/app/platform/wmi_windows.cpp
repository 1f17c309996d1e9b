#include "platform/wmi_windows.hpp"

#include <windows.h>
// After windows.h, which it needs.
#include <wbemidl.h>

#include <memory>

#include "platform/wide_text_windows.hpp"

namespace twinsocket::app {

namespace {

constexpr long wait_milliseconds = 1000;

struct releaser {
  void operator()(IUnknown* object) const noexcept { object->Release(); }
};
template <class T>
using com_pointer = std::unique_ptr<T, releaser>;

// COM is initialized for each thread that uses it.
class com_scope {
 public:
  com_scope() noexcept : result_(::CoInitializeEx(nullptr, COINIT_MULTITHREADED)) {}
  com_scope(const com_scope&) = delete;
  com_scope& operator=(const com_scope&) = delete;
  ~com_scope() {
    if (SUCCEEDED(result_)) ::CoUninitialize();
  }

 private:
  HRESULT result_;
};

class com_string {
 public:
  explicit com_string(const std::wstring& text) noexcept : text_(::SysAllocString(text.c_str())) {}
  com_string(const com_string&) = delete;
  com_string& operator=(const com_string&) = delete;
  ~com_string() { ::SysFreeString(text_); }

  [[nodiscard]] BSTR get() const noexcept { return text_; }

 private:
  BSTR text_;
};

// The value of a property, converted to a type of VARIANT.
class property_value {
 public:
  property_value(IWbemClassObject& object, const wchar_t* property, VARTYPE type) noexcept {
    ::VariantInit(&value_);
    is_set_ = SUCCEEDED(object.Get(property, 0, &value_, nullptr, nullptr)) && value_.vt != VT_NULL &&
              value_.vt != VT_EMPTY && SUCCEEDED(::VariantChangeType(&value_, &value_, 0, type));
  }
  property_value(const property_value&) = delete;
  property_value& operator=(const property_value&) = delete;
  ~property_value() { ::VariantClear(&value_); }

  /// Null if there is none.
  [[nodiscard]] const VARIANT* get() const noexcept { return is_set_ ? &value_ : nullptr; }

 private:
  VARIANT value_;
  bool is_set_;
};

com_pointer<IWbemServices> connect(const wchar_t* name_space) {
  IWbemLocator* locator = nullptr;
  if (FAILED(::CoCreateInstance(CLSID_WbemLocator, nullptr, CLSCTX_INPROC_SERVER, IID_IWbemLocator,
                                reinterpret_cast<void**>(&locator))))
    return nullptr;
  const com_pointer<IWbemLocator> owned(locator);
  const com_string where(name_space);
  IWbemServices* services = nullptr;
  if (FAILED(locator->ConnectServer(where.get(), nullptr, nullptr, nullptr, WBEM_FLAG_CONNECT_USE_MAX_WAIT, nullptr,
                                    nullptr, &services)))
    return nullptr;
  com_pointer<IWbemServices> connected(services);
  if (FAILED(::CoSetProxyBlanket(services, RPC_C_AUTHN_WINNT, RPC_C_AUTHZ_NONE, nullptr, RPC_C_AUTHN_LEVEL_CALL,
                                 RPC_C_IMP_LEVEL_IMPERSONATE, nullptr, EOAC_NONE)))
    return nullptr;
  return connected;
}

}  // namespace

std::optional<double> wmi_object::number(const wchar_t* property) const {
  const property_value value(object_, property, VT_R8);
  return value.get() ? std::optional(value.get()->dblVal) : std::nullopt;
}

std::optional<std::string> wmi_object::text(const wchar_t* property) const {
  const property_value value(object_, property, VT_BSTR);
  if (!value.get()) return std::nullopt;
  return detail::to_utf8({value.get()->bstrVal, ::SysStringLen(value.get()->bstrVal)});
}

bool for_each_wmi_object(const wchar_t* name_space, const wchar_t* name_of_class,
                         const std::function<void(const wmi_object&)>& visit) {
  const com_scope com;
  const com_pointer<IWbemServices> services = connect(name_space);
  if (!services) return false;
  const com_string language(L"WQL");
  const com_string query(std::wstring(L"SELECT * FROM ") + name_of_class);
  IEnumWbemClassObject* found = nullptr;
  if (FAILED(services->ExecQuery(language.get(), query.get(), WBEM_FLAG_FORWARD_ONLY | WBEM_FLAG_RETURN_IMMEDIATELY,
                                 nullptr, &found)))
    return false;
  const com_pointer<IEnumWbemClassObject> objects(found);
  for (;;) {
    IWbemClassObject* next = nullptr;
    ULONG count = 0;
    const HRESULT result = objects->Next(wait_milliseconds, 1, &next, &count);
    if (count == 0) return result == WBEM_S_FALSE;
    const com_pointer<IWbemClassObject> object(next);
    visit(wmi_object(*object));
  }
}

}  // namespace twinsocket::app
