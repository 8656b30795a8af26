// Words by rank and frequency on two logarithmic scales, and the straight line that Zipf's law draws there. Pure.

/** No axis is shorter: it would have no second label. */
const LEAST_END = 2;

/**
 * The line through the points of a rank-frequency plot by least squares on both logarithms. The points are spaced
 * evenly on the logarithm of the rank, so each decade of ranks weighs the same.
 *
 * @param {Array<[number, number]>} points rank and count, both at least 1
 * @returns {{slope: number, intercept: number}|null} log10(count) = intercept + slope · log10(rank); null for fewer than
 *     two ranks
 */
export function fit(points) {
  const x = points.map(([rank]) => Math.log10(rank));
  const y = points.map(([, count]) => Math.log10(count));
  const meanX = mean(x);
  const meanY = mean(y);
  let covariance = 0;
  let variance = 0;
  for (let i = 0; i < x.length; i++) {
    covariance += (x[i] - meanX) * (y[i] - meanY);
    variance += (x[i] - meanX) ** 2;
  }
  if (variance === 0) {
    return null;
  }
  const slope = covariance / variance;
  return { slope, intercept: meanY - slope * meanX };
}

function mean(values) {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Maps 1 … max, logarithmically, to from … to. */
export function logScale(max, from, to) {
  const decades = Math.log10(Math.max(max, LEAST_END));
  return (value) => from + ((to - from) * Math.log10(value)) / decades;
}

/** The powers of ten from 1 up to max. */
export function decades(max) {
  const powers = [];
  for (let power = 1; power <= max; power *= 10) {
    powers.push(power);
  }
  return powers;
}

/**
 * What is labelled on a logarithmic axis from 1 to max: powers of ten, at most so many, evenly spaced; where the axis
 * has fewer than three of them, also their doubles and fives, so that there are always two labels to read it by.
 */
export function ticks(max, most) {
  const end = Math.max(max, LEAST_END);
  const powers = decades(end);
  if (powers.length <= 2) {
    return powers.flatMap((power) => [power, 2 * power, 5 * power]).filter((value) => value <= end);
  }
  const step = Math.ceil(powers.length / most);
  return powers.filter((_, n) => n % step === 0);
}

/** The index of the point that is nearest to a place on one axis; -1 where there is none. */
export function nearest(places, place) {
  let best = -1;
  places.forEach((candidate, index) => {
    if (best < 0 || Math.abs(candidate - place) < Math.abs(places[best] - place)) {
      best = index;
    }
  });
  return best;
}
