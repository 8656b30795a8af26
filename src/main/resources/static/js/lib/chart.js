// The chart that a reader draws of a result: its points, scales, ticks and bins. Pure. Numbers become doubles here, since a
// picture shows no more of them.

import { cellText, isNumeric, numberText } from './cell.js';
import { pad } from './format.js';
import { shortNumber } from './truncate.js';

export const KINDS = { bars: 'Bars', line: 'Line', scatter: 'Scatter', histogram: 'Histogram' };

/** At most so many rows become points. */
export const MAX_POINTS = 10_000;

const TIMES = ['date', 'timestamp', 'timestamp_ntz'];

/** Whether a column's values have places on a continuous axis. */
export function isContinuous(column) {
  return isNumeric(column) || TIMES.includes(column.type);
}

/** A value as a number, a time in ms since 1970; null if it has none, such as NaN. */
export function numberOf(value, { type }) {
  if (value === null) {
    return null;
  }
  const number = TIMES.includes(type) ? Date.parse(type === 'timestamp_ntz' ? `${value}Z` : value) : Number(value);
  return Number.isFinite(number) ? number : null;
}

/** The chart to begin with; null if no column has numbers. */
export function firstChart(columns) {
  const numbers = columns.filter(isNumeric);
  if (numbers.length === 0) {
    return null;
  }
  const time = columns.find(({ type }) => TIMES.includes(type));
  const label = columns.find((column) => !isContinuous(column));
  if (time !== undefined) {
    return { kind: 'line', x: time.name, y: numbers[0].name };
  }
  if (label !== undefined) {
    return { kind: 'bars', x: label.name, y: numbers[0].name };
  }
  return numbers.length === 1
    ? { kind: 'histogram', x: numbers[0].name, y: '' }
    : { kind: 'scatter', x: numbers[0].name, y: numbers[1].name };
}

/**
 * The chart in a route's query; columns that the result lacks are replaced.
 *
 * @returns {{kind: string, x: Object, y: Object, logX: boolean, logY: boolean}|null} x and y are columns; null if the route
 *     asks for none, or no column has numbers
 */
export function chartOf({ chart, x, y, log = '' }, columns) {
  const first = firstChart(columns);
  if (!Object.hasOwn(KINDS, chart ?? '') || first === null) {
    return null;
  }
  const numbers = columns.filter(isNumeric);
  const named = (name, from, otherwise) => from.find((column) => column.name === name) ?? from.find((column) => column.name === otherwise) ?? from[0];
  return {
    kind: chart,
    x: named(x, xColumns(chart, columns), first.x),
    y: named(y, numbers, first.y),
    logX: log.includes('x') && hasLogX(chart),
    logY: log.includes('y'),
  };
}

/** The columns that can be on the horizontal axis. */
export function xColumns(kind, columns) {
  return kind === 'bars' || kind === 'line' ? columns : columns.filter(kind === 'histogram' ? isNumeric : isContinuous);
}

/** Whether the horizontal axis of a kind can be logarithmic; that of bars has labels. */
export function hasLogX(kind) {
  return kind !== 'bars';
}

/**
 * The points of rows. Those without a place are counted.
 *
 * @returns {{points: Array<{x: number, y: number, label: string}>, left: number}} x is the index of the row's point if the
 *     axis has labels
 */
export function pointsOf({ kind, x, y, logX, logY }, columns, rows) {
  const [atX, atY] = [x, y].map((column) => columns.findIndex(({ name }) => name === column.name));
  const hasLabels = kind === 'bars' || !isContinuous(x);
  const points = [];
  for (const row of rows) {
    const valueY = kind === 'histogram' ? 0 : numberOf(row[atY], y);
    const valueX = hasLabels ? points.length : numberOf(row[atX], x);
    const fits = valueX !== null && valueY !== null && !(logX && !hasLabels && valueX <= 0) && !(logY && kind !== 'histogram' && valueY <= 0);
    if (fits) {
      points.push({ x: valueX, y: valueY, label: row[atX] === null ? 'null' : cellText(row[atX], x) });
    }
  }
  if (kind === 'line' && !hasLabels) {
    points.sort((a, b) => a.x - b.x);
  }
  return { points, left: rows.length - points.length };
}

/** How many points have a value in each of about so many intervals of equal width; of equal ratio if the axis is logarithmic. */
export function binsOf(values, log, wanted) {
  if (values.length === 0) {
    return [];
  }
  const [low, high] = extent(values);
  const edges = log ? logEdges(low, high, wanted) : linearEdges(low, high, wanted);
  const bins = edges.slice(1).map((to, n) => ({ from: edges[n], to, count: 0 }));
  for (const value of values) {
    bins[binAt(edges, value)].count++;
  }
  return bins;
}

function binAt(edges, value) {
  let [low, high] = [0, edges.length - 2];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    [low, high] = edges[middle] <= value ? [middle, high] : [low, middle - 1];
  }
  return low;
}

function linearEdges(low, high, wanted) {
  const step = niceStep((high - low || Math.abs(low) || 1) / wanted);
  const first = Math.floor(low / step);
  const count = Math.max(1, Math.floor(high / step) - first + 1);
  return Array.from({ length: count + 1 }, (_, n) => rounded((first + n) * step, step));
}

function logEdges(low, high, wanted) {
  const first = Math.log10(low);
  const width = (Math.log10(high) - first || 1) / wanted;
  return Array.from({ length: wanted + 1 }, (_, n) => (n === 0 ? low : 10 ** (first + n * width)));
}

/** The smallest and the largest of many numbers. */
export function extent(values) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low, high];
}

/** The next number of the form 1, 2 or 5 times a power of ten. */
export function niceStep(rough) {
  // Of a smaller one, the power of ten would be 0.
  const power = 10 ** Math.floor(Math.log10(Math.max(rough, 1e-300)));
  return ([1, 2, 5].find((factor) => factor * power >= rough * (1 - 1e-9)) ?? 10) * power;
}

/** A multiple of a step without the noise of its last bits. */
function rounded(value, step) {
  const digits = Math.min(100, Math.max(0, -Math.floor(Math.log10(step)) + 1));
  return Number(value.toFixed(digits));
}

/**
 * An axis from the smallest to the largest value.
 *
 * @param {'linear'|'log'|'time'} type
 * @param {[number, number]} pixels where it begins and ends
 * @param {number} wanted how many ticks have room
 * @returns {{place: (value: number) => number, ticks: Array<{value: number, text: string}>}}
 */
export function axisOf(type, [low, high], [from, to], wanted) {
  const { start, end, ticks } = AXES[type](low, high, Math.max(2, wanted));
  const scaled = type === 'log' ? Math.log10 : Number;
  const span = scaled(end) - scaled(start) || 1;
  return { place: (value) => from + ((to - from) * (scaled(value) - scaled(start))) / span, ticks };
}

const AXES = { linear: linearAxis, log: logAxis, time: timeAxis };

function linearAxis(low, high, wanted) {
  const step = niceStep((high - low || Math.abs(low) || 1) / wanted);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  const values = Array.from({ length: last - first + 1 }, (_, n) => rounded((first + n) * step, step));
  return { start: values[0], end: values.at(-1), ticks: values.map((value) => ({ value, text: tickText(value) })) };
}

function logAxis(low, high, wanted) {
  const first = Math.floor(Math.log10(low) + 1e-9);
  const last = Math.max(first + 1, Math.ceil(Math.log10(high) - 1e-9));
  const factors = last - first <= 2 ? [1, 2, 5] : [1];
  const every = Math.ceil((last - first + 1) / wanted);
  const values = Array.from({ length: last - first + 1 }, (_, n) => first + n)
    .filter((_, n) => n % every === 0)
    .flatMap((power) => factors.map((factor) => factor * 10 ** power))
    .filter((value) => value <= 10 ** last * (1 + 1e-9));
  return { start: 10 ** first, end: 10 ** last, ticks: values.map((value) => ({ value, text: tickText(value) })) };
}

function tickText(value) {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e15)) {
    return value.toExponential(0).replace('+', '');
  }
  return size < 1e6 ? numberText(Number(value.toPrecision(12))) : shortNumber(value);
}

const SECOND = 1000;
const DAY = 86_400_000;
const TIME_STEPS = [1, 5, 15, 30, 60, 300, 900, 1800, 3600, 10_800, 21_600, 43_200].map((seconds) => seconds * SECOND).concat([DAY, 2 * DAY, 7 * DAY]);
const MONTH_STEPS = [1, 3, 6];

function timeAxis(low, high, wanted) {
  const span = high - low || DAY;
  const step = TIME_STEPS.find((candidate) => span / candidate <= wanted);
  const times = step === undefined ? monthTicks(low, low + span, wanted) : evenTicks(low, low + span, step);
  return { start: low, end: low + span, ticks: times };
}

function evenTicks(low, high, step) {
  const ticks = [];
  for (let at = Math.ceil(low / step) * step; at <= high; at += step) {
    ticks.push({ value: at, text: step < DAY ? clockText(at, step) : dayText(at) });
  }
  return ticks;
}

function clockText(ms, step) {
  const date = new Date(ms);
  const seconds = step < 60 * SECOND ? `:${pad(date.getUTCSeconds())}` : '';
  return `${pad(date.getUTCHours())}:${pad(date.getUTCMinutes())}${seconds}`;
}

function dayText(ms) {
  return new Date(ms).toISOString().replace(/T.*/, '');
}

function monthTicks(low, high, wanted) {
  const months = (high - low) / (30.44 * DAY);
  const step = MONTH_STEPS.find((candidate) => months / candidate <= wanted) ?? 12 * niceStep(Math.max(1, months / 12 / wanted));
  const first = new Date(low);
  const ticks = [];
  for (let month = Math.ceil((first.getUTCFullYear() * 12 + first.getUTCMonth()) / step) * step; ; month += step) {
    const at = new Date(0).setUTCFullYear(Math.floor(month / 12), month % 12, 1);
    // Not "at > high": beyond the last year that a Date has, it is NaN.
    if (!(at <= high)) {
      return ticks;
    }
    if (at >= low) {
      ticks.push({ value: at, text: step % 12 === 0 ? String(Math.floor(month / 12)) : dayText(at).slice(0, -3) });
    }
  }
}
