const units = ['B', 'KiB', 'MiB', 'GiB'] as const;

/** Formats a number of bytes: `5 B`, `1.2 KiB`. */
export function formatSize(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

/** Formats a duration. Browsers round their clocks, so that a fast reply can have a duration of 0. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 0.1) return '< 0.1 ms';
  if (milliseconds < 10) return `${milliseconds.toFixed(1)} ms`;
  if (milliseconds < 1000) return `${milliseconds.toFixed(0)} ms`;
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

const clock = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
});

export function formatTime(time: Date): string {
  return clock.format(time);
}

const seconds = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** Formats the time of day. `time` is in milliseconds since 1970. */
export function formatSecond(time: number): string {
  return seconds.format(time);
}

/** Formats the value of a reading with digits according to its magnitude. */
export function formatValue(value: number): string {
  const size = Math.abs(value);
  const digits = size >= 1000 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** Text for a part of the page whose code could not be loaded. */
export function loadErrorText(error: unknown): string {
  return `This part cannot be loaded: ${errorText(error)}`;
}

export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
