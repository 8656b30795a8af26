// Numbers and times as people read them. Pure. The API sends whole numbers above 2^53 as strings: every function takes
// a number, a string or null.

// Not by Intl: to load what it knows takes a tenth of the first view, to ask it a third of the time to draw a list.
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'];
const LARGE = ['million', 'billion', 'trillion'];
/** What stands where there is no number. */
export const NOTHING = '–';

/** A whole number without loss, or null where there is none. */
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
  return number === null ? NOTHING : String(number).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** '1 job', '3 jobs'. */
export function plural(value, one, many = `${one}s`) {
  return `${count(value)} ${whole(value) === 1n ? one : many}`;
}

/** '1.2 MB': decimal units, three digits at most. */
export function bytes(value) {
  const number = whole(value);
  if (number === null) {
    return NOTHING;
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
    return NOTHING;
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

/** As duration, in whole seconds: for a time that is still running. */
export function elapsed(ms) {
  const seconds = Math.max(0, Math.floor(Number(ms) / 1000));
  return seconds < 60 ? `${seconds} s` : long(seconds);
}

function long(seconds) {
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (minutes < 60) {
    return `${minutes} min ${pad(seconds % 60)} s`;
  }
  return hours < 48 ? `${hours} h ${pad(minutes % 60)} min` : `${count(Math.floor(hours / 24))} d ${hours % 24} h`;
}

/** '07', or with another number of digits '007'. */
export function pad(number, digits = 2) {
  return String(number).padStart(digits, '0');
}

/** '208,160/s', '1.4 million/s', '12.5 trillion/s': how many in a second. */
export function rate(amount, ms) {
  const number = whole(amount);
  if (number === null || !(Number(ms) > 0)) {
    return NOTHING;
  }
  const each = (Number(number) * 1000) / Number(ms);
  if (each < 999_500) {
    return `${count(Math.round(each))}/s`;
  }
  let figure = each / 1e6;
  let step = 0;
  while (figure >= 999.5 && step < LARGE.length - 1) {
    figure /= 1000;
    step++;
  }
  return `${figure < 99.95 ? figure.toFixed(1) : count(Math.round(figure))} ${LARGE[step]}/s`;
}

/** '42 %', rounded down: it says 100 % only when all is done. */
export function percent(fraction) {
  return `${Math.floor(Math.min(1, Math.max(0, fraction)) * 100)} %`;
}

/** '25 Nov 2026, 03:12:04' in this browser's zone. */
export function time(iso) {
  const date = dateOf(iso);
  return date === null
    ? NOTHING
    : `${date.getDate()} ${month(date)} ${date.getFullYear()}, ${clock(iso)}:${pad(date.getSeconds())}`;
}

/** 'UTC+01:00': this browser's zone, as it is at a time. */
export function zone(iso) {
  const minutes = -(dateOf(iso) ?? new Date()).getTimezoneOffset();
  const amount = Math.abs(minutes);
  return minutes === 0 ? 'UTC' : `UTC${minutes < 0 ? '−' : '+'}${pad(Math.floor(amount / 60))}:${pad(amount % 60)}`;
}

/** '12:03' in this browser's zone; takes milliseconds too. */
export function clock(iso) {
  const date = dateOf(iso);
  return date === null ? NOTHING : `${pad(date.getHours())}:${pad(date.getMinutes())}`;
}

/** 'just now', '5 min ago', '3 h ago', 'yesterday', '4 Nov', '4 Nov 2024'. */
export function relative(iso, now = Date.now()) {
  const date = dateOf(iso);
  if (date === null) {
    return NOTHING;
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
    return 'yesterday';
  }
  const day = `${date.getDate()} ${month(date)}`;
  return date.getFullYear() === today.getFullYear() ? day : `${day} ${date.getFullYear()}`;
}

function midnight(date) {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

function month(date) {
  return MONTHS[date.getMonth()];
}

/** A time as a date, or null where there is none. */
export function dateOf(iso) {
  if (iso === null || iso === undefined) {
    return null;
  }
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? null : date;
}
