#include "platform/child_process_windows.hpp"

#include <algorithm>
#include <atomic>
#include <boost/system/error_code.hpp>

#include "platform/quote_argument.hpp"
#include "platform/wide_text_windows.hpp"

namespace twinsocket::app {

namespace {

using detail::unique_handle;

// The category of Boost knows the text of each code.
std::error_code last_error() {
  return boost::system::error_code(static_cast<int>(::GetLastError()), boost::system::system_category());
}

SECURITY_ATTRIBUTES inheritable() { return {sizeof(SECURITY_ATTRIBUTES), nullptr, TRUE}; }

// Lets a process inherit these handles and no other ones.
class inherited_handles {
 public:
  explicit inherited_handles(std::array<HANDLE, 3> handles) : handles_(handles) {
    SIZE_T size = 0;
    ::InitializeProcThreadAttributeList(nullptr, 1, 0, &size);
    memory_.resize(size);
    initialized_ = ::InitializeProcThreadAttributeList(list(), 1, 0, &size);
    made_ = initialized_ && ::UpdateProcThreadAttribute(list(), 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST, handles_.data(),
                                                        sizeof handles_, nullptr, nullptr);
  }
  inherited_handles(const inherited_handles&) = delete;
  inherited_handles& operator=(const inherited_handles&) = delete;
  ~inherited_handles() {
    if (initialized_) ::DeleteProcThreadAttributeList(list());
  }

  explicit operator bool() const noexcept { return made_ != FALSE; }
  [[nodiscard]] LPPROC_THREAD_ATTRIBUTE_LIST list() noexcept {
    return reinterpret_cast<LPPROC_THREAD_ATTRIBUTE_LIST>(memory_.data());
  }

 private:
  std::array<HANDLE, 3> handles_;
  std::vector<std::byte> memory_;
  BOOL initialized_ = FALSE;
  BOOL made_ = FALSE;
};

std::wstring command_line(const std::vector<std::string>& words) {
  std::string line;
  for (const std::string& word : words) line.append(line.empty() ? "" : " ").append(quote_argument(word));
  return detail::to_wide(line);
}

}  // namespace

pipe_reader::~pipe_reader() {
  DWORD count = 0;
  // The system writes to this object until the read has ended.
  if (pipe_ && ::CancelIoEx(pipe_.get(), &pending_)) ::GetOverlappedResult(pipe_.get(), &pending_, &count, TRUE);
}

// A pipe with a name, because only such a pipe can be read without blocking.
std::error_code pipe_reader::open(unique_handle& write_end) {
  static std::atomic<unsigned> number{0};
  const std::wstring name =
      L"\\\\.\\pipe\\twinsocket." + std::to_wstring(::GetCurrentProcessId()) + L"." + std::to_wstring(number++);
  constexpr DWORD size = 65'536;
  pipe_ = unique_handle(
      ::CreateNamedPipeW(name.c_str(), PIPE_ACCESS_INBOUND | FILE_FLAG_OVERLAPPED | FILE_FLAG_FIRST_PIPE_INSTANCE,
                         PIPE_TYPE_BYTE | PIPE_WAIT | PIPE_REJECT_REMOTE_CLIENTS, 1, size, size, 0, nullptr));
  if (!pipe_) return last_error();
  SECURITY_ATTRIBUTES security = inheritable();
  write_end = unique_handle(::CreateFileW(name.c_str(), GENERIC_WRITE, 0, &security, OPEN_EXISTING, 0, nullptr));
  event_ = unique_handle(::CreateEventW(nullptr, TRUE, FALSE, nullptr));
  if (!write_end || !event_) return last_error();
  return {};
}

void pipe_reader::start() {
  pending_ = {};
  pending_.hEvent = event_.get();
  const BOOL read = ::ReadFile(pipe_.get(), chunk_.data(), static_cast<DWORD>(chunk_.size()), nullptr, &pending_);
  // The end of the pipe, or an error, is found by read().
  if (!read && ::GetLastError() != ERROR_IO_PENDING) pipe_.close();
  if (!pipe_) ::SetEvent(event_.get());
}

bool pipe_reader::read(std::string& to, std::size_t room) {
  DWORD count = 0;
  if (!pipe_ || !::GetOverlappedResult(pipe_.get(), &pending_, &count, TRUE)) {
    pipe_.close();
    ::ResetEvent(event_.get());
    return false;
  }
  to.append(chunk_.data(), std::min<std::size_t>(count, room));
  start();
  return true;
}

std::error_code child_process::start(const std::string& program, const std::vector<std::string>& words) {
  unique_handle output_end;
  unique_handle error_end;
  if (const auto failure = output.open(output_end)) return failure;
  if (const auto failure = error_text.open(error_end)) return failure;
  SECURITY_ATTRIBUTES security = inheritable();
  const unique_handle input(
      ::CreateFileW(L"NUL", GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, &security, OPEN_EXISTING, 0, nullptr));
  job_ = unique_handle(::CreateJobObjectW(nullptr, nullptr));
  JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits{};
  limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
  if (!input || !job_ ||
      !::SetInformationJobObject(job_.get(), JobObjectExtendedLimitInformation, &limits, sizeof limits))
    return last_error();

  inherited_handles inherited({input.get(), output_end.get(), error_end.get()});
  if (!inherited) return last_error();
  STARTUPINFOEXW startup{};
  startup.StartupInfo.cb = sizeof startup;
  startup.StartupInfo.dwFlags = STARTF_USESTDHANDLES;
  startup.StartupInfo.hStdInput = input.get();
  startup.StartupInfo.hStdOutput = output_end.get();
  startup.StartupInfo.hStdError = error_end.get();
  startup.lpAttributeList = inherited.list();
  std::wstring line = command_line(words);
  PROCESS_INFORMATION started{};
  constexpr DWORD flags = CREATE_SUSPENDED | CREATE_NO_WINDOW | CREATE_NEW_PROCESS_GROUP | EXTENDED_STARTUPINFO_PRESENT;
  if (!::CreateProcessW(detail::to_wide(program).c_str(), line.data(), nullptr, nullptr, TRUE, flags, nullptr, nullptr,
                        &startup.StartupInfo, &started))
    return last_error();
  process_ = unique_handle(started.hProcess);
  const unique_handle thread(started.hThread);
  // It runs only once it belongs to the job, so that all that it starts does.
  if (!::AssignProcessToJobObject(job_.get(), process_.get()) || ::ResumeThread(thread.get()) == DWORD(-1)) {
    const std::error_code failure = last_error();
    ::TerminateProcess(process_.get(), 1);
    return failure;
  }
  output.start();
  error_text.start();
  return {};
}

void child_process::kill_all() noexcept {
  ::TerminateJobObject(job_.get(), 1);
  ::WaitForSingleObject(process_.get(), INFINITE);
}

DWORD child_process::exit_code() const noexcept {
  DWORD code = 0;
  ::GetExitCodeProcess(process_.get(), &code);
  return code;
}

}  // namespace twinsocket::app
