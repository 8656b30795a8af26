// Numbers and times for display. Pure. The API sends whole numbers above 2^53 as strings, so every function accepts a
// number, a string or null.

// Without Intl, which takes a tenth of the first view's time to load and a third of the time to draw a list.
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'];
const LARGE = ['million', 'billion', 'trillion'];
/** Shown in place of a missing value. */
export const NO_VALUE = '–';

/** A whole number as a bigint, or null. */
export function whole(value) {
  if (typeof value === 'bigint') {
    return value;
  }
  if (typeof value === 'number' && Number.isInteger(value)) {
    return BigInt(value);
  }
  return typeof value === 'string' && /^-?\d{1,40}$/.test(value) ? BigInt(value) : null;
}

/** '21,455'. */
export function count(value) {
  const number = whole(value);
  return number === null ? NO_VALUE : String(number).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** '1 job', '3 jobs'. */
export function plural(value, one, many = `${one}s`) {
  return `${count(value)} ${whole(value) === 1n ? one : many}`;
}

/** '1.2 MB': decimal units, at most three digits. */
export function bytes(value) {
  const number = whole(value);
  if (number === null) {
    return NO_VALUE;
  }
  let amount = Number(number);
  let unit = 0;
  while (amount >= 999.5 && unit < UNITS.length - 1) {
    amount /= 1000;
    unit++;
  }
  const digits = unit === 0 || amount >= 99.95 ? 0 : 1;
  return `${amount.toFixed(digits)} ${UNITS[unit]}`;
}

/** '812 ms', '4.2 s', '1 min 05 s', '2 h 03 min', '3 d 4 h'. */
export function duration(ms) {
  if (ms === null || ms === undefined) {
    return NO_VALUE;
  }
  const amount = Math.max(0, Math.round(Number(ms)));
  if (amount < 1000) {
    return `${amount} ms`;
  }
  if (amount < 59_950) {
    return `${(amount / 1000).toFixed(1)} s`;
  }
  return long(Math.round(amount / 1000));
}

/** Like duration, in whole seconds: for a job that still runs. */
export function elapsed(ms) {
  const seconds = Math.max(0, Math.floor(Number(ms) / 1000));
  return seconds < 60 ? `${seconds} s` : long(seconds);
}

/** 'about 5 s', 'about 40 s', 'about 3 min', 'about 2 h': a time that is only estimated. */
export function about(ms) {
  const seconds = Math.max(1, Number(ms) / 1000);
  if (seconds < 57.5) {
    return `about ${Math.max(5, Math.round(seconds / 5) * 5)} s`;
  }
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `about ${minutes} min` : `about ${Math.round(minutes / 60)} h`;
}

function long(seconds) {
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (minutes < 60) {
    return `${minutes} min ${pad(seconds % 60)} s`;
  }
  return hours < 48 ? `${hours} h ${pad(minutes % 60)} min` : `${count(Math.floor(hours / 24))} d ${hours % 24} h`;
}

/** '07', or with three digits '007'. */
export function pad(number, digits = 2) {
  return String(number).padStart(digits, '0');
}

/** '208,160/s', '1.4 million/s', '12.5 trillion/s'. */
export function rate(amount, ms) {
  const number = whole(amount);
  if (number === null || !(Number(ms) > 0)) {
    return NO_VALUE;
  }
  const perSecond = (Number(number) * 1000) / Number(ms);
  if (perSecond < 999_500) {
    return `${count(Math.round(perSecond))}/s`;
  }
  let scaled = perSecond / 1e6;
  let step = 0;
  while (scaled >= 999.5 && step < LARGE.length - 1) {
    scaled /= 1000;
    step++;
  }
  return `${scaled < 99.95 ? scaled.toFixed(1) : count(Math.round(scaled))} ${LARGE[step]}/s`;
}

/** '42 %', rounded down: 100 % means that all is done. */
export function percent(fraction) {
  return `${Math.floor(Math.min(1, Math.max(0, fraction)) * 100)} %`;
}

/** '25 Nov 2026, 03:12:04' in this browser's time zone. */
export function time(iso) {
  const date = dateOf(iso);
  return date === null
    ? NO_VALUE
    : `${date.getDate()} ${month(date)} ${date.getFullYear()}, ${clock(iso)}:${pad(date.getSeconds())}`;
}

/** 'UTC+01:00': this browser's time zone at a given time, by default now. */
export function zone(iso) {
  const minutes = -(dateOf(iso) ?? new Date()).getTimezoneOffset();
  const amount = Math.abs(minutes);
  return minutes === 0 ? 'UTC' : `UTC${minutes < 0 ? '−' : '+'}${pad(Math.floor(amount / 60))}:${pad(amount % 60)}`;
}

/** '12:03' in this browser's time zone; also accepts milliseconds. */
export function clock(iso) {
  const date = dateOf(iso);
  return date === null ? NO_VALUE : `${pad(date.getHours())}:${pad(date.getMinutes())}`;
}

/** 'just now', '5 min ago', '3 h ago', 'yesterday, 14:03', '4 Nov, 14:03', '4 Nov 2024'. */
export function relative(iso, now = Date.now()) {
  const date = dateOf(iso);
  if (date === null) {
    return NO_VALUE;
  }
  const seconds = Math.floor((now - date.getTime()) / 1000);
  if (seconds < 10) {
    return 'just now';
  }
  if (seconds < 60) {
    return `${seconds} s ago`;
  }
  if (seconds < 3600) {
    return `${Math.floor(seconds / 60)} min ago`;
  }
  const today = new Date(now);
  const days = Math.round((midnight(today) - midnight(date)) / 86_400_000);
  if (days === 0 || seconds < 6 * 3600) {
    return `${Math.floor(seconds / 3600)} h ago`;
  }
  if (days === 1) {
    return `yesterday, ${clock(iso)}`;
  }
  const day = `${date.getDate()} ${month(date)}`;
  return date.getFullYear() === today.getFullYear() ? `${day}, ${clock(iso)}` : `${day} ${date.getFullYear()}`;
}

function midnight(date) {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

function month(date) {
  return MONTHS[date.getMonth()];
}

/** A time as a Date, or null. */
export function dateOf(iso) {
  if (iso === null || iso === undefined) {
    return null;
  }
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? null : date;
}
