// What the server measured in the last hour, as lines of small graphs. Pure.

const HOUR_MS = 3_600_000;

/**
 * One measure over the last hour.
 *
 * @param {Object[]} samples in the order of time, with at
 * @param {number} now in ms since 1970, by the server's clock
 * @param {(sample: Object) => number|null} of
 * @returns {{points: Array<[number, number]>, last: number, mean: number, max: number}|null} x of a point is from 0, an hour
 *     ago, to 1, now; null if nothing was measured
 */
export function seriesOf(samples, now, of) {
  const points = samples
    .map((sample) => [1 - (now - Date.parse(sample.at)) / HOUR_MS, of(sample)])
    .filter(([x, value]) => x >= 0 && x <= 1 && value !== null && value !== undefined)
    .map(([x, value]) => [x, Number(value)]);
  if (points.length === 0) {
    return null;
  }
  const values = points.map(([, value]) => value);
  return {
    points,
    last: values[values.length - 1],
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
    max: Math.max(...values),
  };
}

/** The path of a line through the points, and that of the area below it. */
export function pathsOf(points, top, width, height) {
  const place = ([x, value]) => `${(x * width).toFixed(1)} ${(height - (Math.min(value, top) / top) * height).toFixed(1)}`;
  const line = points.map(place).join('L');
  const xs = [points[0][0], points[points.length - 1][0]].map((x) => (x * width).toFixed(1));
  return { line: `M${line}`, area: `M${xs[0]} ${height}L${line}L${xs[1]} ${height}Z` };
}
