#include "codec/document_error.hpp"
#include "twinsocket/chrono.hpp"

namespace twinsocket::detail {

namespace {

constexpr std::int64_t seconds_in_day = 86'400;

struct date {
  std::int64_t year;
  unsigned month;
  unsigned day;
};

// Converts between days since 1970 and Gregorian dates. Years start in March, so that a leap day is the last day of a
// year. Eras of 400 years all have the same number of days.
constexpr std::int64_t days_in_era = 146'097;
constexpr std::int64_t from_march_of_year_0 = 719'468;

date date_of(std::int64_t days) {
  days += from_march_of_year_0;
  const std::int64_t era = (days >= 0 ? days : days - (days_in_era - 1)) / days_in_era;
  const auto day_of_era = static_cast<unsigned>(days - era * days_in_era);
  const unsigned year_of_era = (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const unsigned day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const unsigned month_from_march = (5 * day_of_year + 2) / 153;
  const unsigned day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
  const unsigned month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
  return {era * 400 + year_of_era + (month <= 2), month, day};
}

std::int64_t days_of(date from) {
  const std::int64_t year = from.year - (from.month <= 2);
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const auto year_of_era = static_cast<unsigned>(year - era * 400);
  const unsigned month_from_march = from.month > 2 ? from.month - 3 : from.month + 9;
  const unsigned day_of_year = (153 * month_from_march + 2) / 5 + from.day - 1;
  const unsigned day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * days_in_era + day_of_era - from_march_of_year_0;
}

unsigned days_in_month(date of) {
  if (of.month == 2) return of.year % 4 == 0 && (of.year % 100 != 0 || of.year % 400 == 0) ? 29 : 28;
  return of.month == 4 || of.month == 6 || of.month == 9 || of.month == 11 ? 30 : 31;
}

void append(std::string& text, std::int64_t number, std::size_t digits) {
  const std::string written = std::to_string(number);
  text.append(digits - written.size(), '0').append(written);
}

// Takes parts from the front of a text. After one failure all further parts fail.
class parts {
 public:
  explicit parts(std::string_view text) : rest_(text) {}

  unsigned number(std::size_t digits, unsigned least, unsigned most) {
    unsigned value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      if (!has_digit()) return fail();
      value = value * 10 + static_cast<unsigned>(take() - '0');
    }
    return value >= least && value <= most ? value : fail();
  }
  void expect(char wanted) {
    if (rest_.empty() || rest_.front() != wanted)
      fail();
    else
      take();
  }
  bool has(char wanted) {
    const bool found = !rest_.empty() && rest_.front() == wanted;
    if (found) take();
    return found;
  }
  // The digits of a fraction, in nanoseconds.
  std::uint32_t fraction() {
    if (!has_digit()) return fail();
    std::uint32_t value = 0;
    for (std::uint32_t unit = 100'000'000; has_digit(); unit /= 10)
      value += static_cast<std::uint32_t>(take() - '0') * unit;
    return value;
  }
  [[nodiscard]] bool all_there() const { return !failed_ && rest_.empty(); }

 private:
  [[nodiscard]] bool has_digit() const { return !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; }
  char take() {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }
  unsigned fail() {
    failed_ = true;
    rest_ = {};
    return 0;
  }

  std::string_view rest_;
  bool failed_ = false;
};

}  // namespace

std::string format_rfc3339(unix_time time) {
  std::int64_t days = time.seconds / seconds_in_day;
  std::int64_t second = time.seconds % seconds_in_day;
  if (second < 0) {
    --days;
    second += seconds_in_day;
  }
  const date day = date_of(days);
  std::string text;
  append(text, day.year, 4);
  append(text.append(1, '-'), day.month, 2);
  append(text.append(1, '-'), day.day, 2);
  append(text.append(1, 'T'), second / 3'600, 2);
  append(text.append(1, ':'), second / 60 % 60, 2);
  append(text.append(1, ':'), second % 60, 2);
  if (time.nanoseconds) {
    append(text.append(1, '.'), time.nanoseconds, 9);
    text.erase(text.find_last_not_of('0') + 1);
  }
  return text.append(1, 'Z');
}

result<unix_time> parse_rfc3339(std::string_view text) {
  parts from(text);
  date day{};
  day.year = from.number(4, 0, 9'999);
  from.expect('-');
  day.month = from.number(2, 1, 12);
  from.expect('-');
  day.day = from.number(2, 1, days_in_month(day));
  from.expect('T');
  const unsigned hour = from.number(2, 0, 23);
  from.expect(':');
  const unsigned minute = from.number(2, 0, 59);
  from.expect(':');
  const unsigned second = from.number(2, 0, 59);
  const std::uint32_t nanoseconds = from.has('.') ? from.fraction() : 0;
  std::int64_t offset = 0;
  if (!from.has('Z')) {
    const bool ahead = from.has('+');
    if (!ahead) from.expect('-');
    offset = from.number(2, 0, 23) * 3'600;
    from.expect(':');
    offset += from.number(2, 0, 59) * 60;
    if (!ahead) offset = -offset;
  }
  if (!from.all_there())
    return error(errc::type_mismatch, "expected a time by RFC 3339, found " + quote_for_error(text));
  return unix_time{days_of(day) * seconds_in_day + hour * 3'600 + minute * 60 + second - offset, nanoseconds};
}

}  // namespace twinsocket::detail
