const minutes = '(?:[01]\\d|2[0-3]):[0-5]\\d';
let form: RegExp | undefined;

/** Checks a timestamp of RFC 3339: the format and the ranges, hours to 23, minutes and seconds to 59, days of the month. */
export function isTime(text: string): boolean {
  form ??= new RegExp(`^(\\d{4})-(\\d\\d)-(\\d\\d)T${minutes}:[0-5]\\d(?:\\.\\d+)?(?:Z|[+-]${minutes})$`);
  const [, year, month, day] = form.exec(text)?.map(Number) ?? [];
  if (year === undefined || month === undefined || day === undefined) return false;
  if (month < 1 || month > 12 || day < 1) return false;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= (month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31);
}
