// The phases of a job in its log: each begins with a line "Phase: …". Pure.

const PHASE = /^Phase: (.+)$/;
const ATTEMPT = /^Attempt \d+ of \d+ starts/;

/**
 * The phases that begin in these lines.
 *
 * @param {Array<import('./log-range.js').Line>} lines
 * @param {string|null} end when the last one ended; null if that is not known
 * @returns {Array<{n: number, name: string, lines: number, ms: number|null}>} the number of its first line, how many of
 *     these lines follow in it, and how long it took; ms is null if its end is not among the lines
 */
export function phasesOf(lines, end) {
  const phases = [];
  let open = null;
  const close = (time) => {
    if (open !== null) {
      open.phase.ms = time === null ? null : Math.max(0, Date.parse(time) - Date.parse(open.time));
      open = null;
    }
  };
  for (const line of lines) {
    const name = line.level === 'INFO' ? PHASE.exec(line.text)?.[1] : undefined;
    if (name !== undefined || ATTEMPT.test(line.text)) {
      close(line.time);
    }
    if (name !== undefined) {
      open = { phase: { n: line.n, name, lines: 0, ms: null }, time: line.time };
      phases.push(open.phase);
    } else if (open !== null) {
      open.phase.lines += 1;
    }
  }
  close(end);
  return phases;
}

/** The phase that a line belongs to, its first line included; undefined if it belongs to none. */
export function phaseAt(n, lines, phases) {
  const phase = phases.findLast((known) => known.n <= n);
  const place = lines.findIndex((line) => line.n === phase?.n);
  return place >= 0 && n <= (lines[place + phase.lines]?.n ?? -1) ? phase : undefined;
}

/**
 * The lines that are shown: of a folded phase only the first.
 *
 * @param {Set<number>} folded the first lines of the folded phases
 */
export function unfolded(lines, phases, folded) {
  if (folded.size === 0) {
    return lines;
  }
  const shown = [];
  let hidden = 0;
  let next = 0;
  for (const line of lines) {
    if (line.n === phases[next]?.n) {
      hidden = folded.has(line.n) ? phases[next].lines : 0;
      next += 1;
      shown.push(line);
    } else if (hidden > 0) {
      hidden -= 1;
    } else {
      shown.push(line);
    }
  }
  return shown;
}
