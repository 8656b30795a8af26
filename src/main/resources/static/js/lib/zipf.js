// Scales and the fitted line of a rank-frequency plot on two logarithmic axes, where Zipf's law is a straight line. Pure.

/** A shorter axis would have no second label. */
const MIN_AXIS_END = 2;

/**
 * Fits a line to the points by least squares on both logarithms. The points are evenly spaced on the logarithm of the
 * rank, so each decade of ranks has the same weight.
 *
 * @param {Array<[number, number]>} points rank and count, both at least 1
 * @returns {{slope: number, intercept: number}|null} log10(count) = intercept + slope · log10(rank); null for fewer
 *     than two ranks
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

/** Maps 1 … max logarithmically to from … to. */
export function logScale(max, from, to) {
  const decades = Math.log10(Math.max(max, MIN_AXIS_END));
  return (value) => from + ((to - from) * Math.log10(value)) / decades;
}

/** The powers of ten from 1 up to max. */
function powersOfTen(max) {
  const powers = [];
  for (let power = 1; power <= max; power *= 10) {
    powers.push(power);
  }
  return powers;
}

/**
 * The labels of a logarithmic axis from 1 to max: at most so many powers of ten, evenly spaced. If there are fewer than
 * three, also their multiples by two and five, so that there are always two labels.
 */
export function ticks(max, maxCount) {
  const end = Math.max(max, MIN_AXIS_END);
  const powers = powersOfTen(end);
  if (powers.length <= 2) {
    return powers.flatMap((power) => [power, 2 * power, 5 * power]).filter((value) => value <= end);
  }
  const step = Math.ceil(powers.length / maxCount);
  return powers.filter((_, n) => n % step === 0);
}

/** The index of the position nearest to another; -1 if there are none. */
export function nearest(positions, position) {
  let best = -1;
  positions.forEach((candidate, index) => {
    if (best < 0 || Math.abs(candidate - position) < Math.abs(positions[best] - position)) {
      best = index;
    }
  });
  return best;
}

/** A slope of fewer different words, or of words that all occur seldom, says nothing of the text. */
const MIN_RANKS = 100;
const MIN_TOP_COUNT = 10;

/** What is near to Zipf's law. */
const TOLERANCE = 0.15;

/** Whether there are enough words for a slope. */
export function hasEnough(points) {
  return points.length > 0 && Number(points.at(-1)[0]) >= MIN_RANKS && Number(points[0][1]) >= MIN_TOP_COUNT;
}

/**
 * What a slope means, in sentences.
 *
 * @param {Array<[number, number]>} points rank and count; the first has the largest count, the last the largest rank
 */
export function slopeSentence(points) {
  if (!hasEnough(points)) {
    return `There is too little text for a slope: that takes at least ${MIN_RANKS} different words, and one that occurs ${MIN_TOP_COUNT} times.`;
  }
  const { slope } = fit(points);
  const factor = 10 ** -slope;
  const times = factor < 10 ? factor.toFixed(1) : Math.round(factor);
  const meaning = `A word at ten times the rank is about ${times} times as rare; by Zipf’s law it would be 10 times as rare.`;
  return `${meaning} ${comparison(slope)}`;
}

function comparison(slope) {
  if (Math.abs(slope + 1) <= TOLERANCE) {
    return 'This text is close to it.';
  }
  return slope < -1
    ? 'In this text, the frequent words have a larger share than that.'
    : 'In this text, the words are spread more evenly than that.';
}
