// The values of a result, as text. Pure. No number passes through a double: whole numbers beyond 2^53 and decimals arrive
// as strings.

const NUMBERS = ['integer', 'double', 'decimal'];

/** Whether a column has numbers, which are aligned to the right. */
export function isNumeric(column) {
  return NUMBERS.includes(column.type);
}

/** '1,234.5600': exactly the digits of a number, grouped; or 'NaN', '1e+21'. */
export function numberText(value) {
  const [whole, fraction] = text(value).split('.');
  const grouped = /^-?\d+$/.test(whole) ? whole.replace(/\B(?=(\d{3})+$)/g, ',') : whole;
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** A value other than null in one line. Times leave out their zone, which is in the heading of the column. */
export function cellText(value, { type }) {
  if (NUMBERS.includes(type)) {
    return numberText(value);
  }
  if (type === 'timestamp' || type === 'timestamp_ntz') {
    return value.replace('T', ' ').replace(/Z$/, '');
  }
  return type === 'json' ? JSON.stringify(value, null, 1).replace(/\n */g, ' ') : text(value);
}

/** A value for copying, as in the CSV file. */
export function exactText(value, { type }) {
  if (value === null) {
    return '';
  }
  return type === 'json' ? JSON.stringify(value) : text(value);
}

/** Like String(value), which leaves out the sign of -0. */
function text(value) {
  return Object.is(value, -0) ? '-0' : String(value);
}

/** The number of bytes that a base64 text encodes. */
export function base64Size(text) {
  return (text.length / 4) * 3 - (/=*$/.exec(text)[0].length);
}
