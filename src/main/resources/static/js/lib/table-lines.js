// The first lines of a file as the rows of a table. Pure.

/** Longer lines are cut by the server. */
const MAX_LINE = 500;

const SEPARATORS = [',', '\t', ';', '|'];
const TABULAR = /\.(csv|tsv|json|jsonl|ndjson|parquet|orc)(\.(gz|bz2|zst))?$/i;
const BINARY = /\.(parquet|orc)$/i;

/** Whether a file of this name can have columns of several types. */
export function isTabular(path) {
  return TABULAR.test(path);
}

/** Whether its lines say nothing. */
export function isBinary(path) {
  return BINARY.test(path);
}

/**
 * @param {string[]} lines
 * @param {boolean} more whether the file goes on
 * @param {{format: string, columns: Array<{name: string}>}} table
 * @returns {string[][]|null} the cells of each line; null if the lines do not split into these columns
 */
export function rowsOf(lines, more, { format, columns }) {
  if (lines.some((line) => line.length >= MAX_LINE)) {
    return null;
  }
  if (format === 'json') {
    return jsonRows(lines, columns);
  }
  if (format !== 'csv' && format !== 'tsv') {
    return null;
  }
  for (const separator of SEPARATORS) {
    const rows = delimitedRows(lines.join('\n'), separator, more);
    if (rows.length > 0 && rows[0].length === columns.length && (columns.length > 1 || separator === ',')) {
      const isHeading = rows[0].every((cell, n) => cell.trim() === columns[n].name);
      return (isHeading ? rows.slice(1) : rows).map((row) => columns.map((_, n) => row[n] ?? ''));
    }
  }
  return null;
}

function jsonRows(lines, columns) {
  try {
    return lines
      .filter((line) => line.trim() !== '')
      .map((line) => {
        const record = JSON.parse(line);
        return columns.map(({ name }) => cellOf(record[name]));
      });
  } catch {
    return null;
  }
}

function cellOf(value) {
  if (value === null || value === undefined) {
    return '';
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function delimitedRows(text, separator, more) {
  const rows = [[]];
  let at = 0;
  while (at <= text.length) {
    const row = rows[rows.length - 1];
    let cell = '';
    if (text[at] === '"') {
      const end = closingQuote(text, at + 1);
      if (end < 0) {
        // The rest of the cell is not among the lines.
        rows.pop();
        return more ? rows : [];
      }
      cell = text.slice(at + 1, end).replaceAll('""', '"');
      at = end + 1;
    }
    const rest = restOfCell(text, at, separator);
    row.push(cell + text.slice(at, rest));
    if (rest >= text.length) {
      break;
    }
    if (text[rest] === '\n') {
      rows.push([]);
    }
    at = rest + 1;
  }
  return rows.filter((row) => row.length > 1 || row[0] !== '');
}

function closingQuote(text, from) {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 2)) {
    if (text[at + 1] !== '"') {
      return at;
    }
  }
  return -1;
}

function restOfCell(text, from, separator) {
  let at = from;
  while (at < text.length && text[at] !== separator && text[at] !== '\n') {
    at++;
  }
  return at;
}
