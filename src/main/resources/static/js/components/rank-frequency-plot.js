import { html } from 'htm/preact';
import { useMemo, useRef, useState } from 'preact/hooks';
import { count } from '../lib/format.js';
import { oneLine } from '../lib/text.js';
import { shortCount, truncateToWidth } from '../lib/truncate.js';
import { fit, hasEnough, logScale, nearest, slopeSentence, ticks } from '../lib/zipf.js';
import { useWidth } from '../more-hooks.js';
import { announce } from '../state/store.js';
import { SaveButtons } from './save-buttons.js';
import { textMeasurer } from './text-width.js';

const HEIGHT = 300;
const LEFT = 68;
const RIGHT = 14;
const TOP = 12;
const BOTTOM = 40;
/** The space that a label takes on an axis. */
const TICK_WIDTH = 56;
const TICK_HEIGHT = 22;
const LABEL_SIZE = 13;
const MAX_WORD = 30;
/** Keep a word from turning round what is beside it. */
const [FIRST_STRONG_ISOLATE, POP_ISOLATE] = ['\u2068', '\u2069'];

/**
 * Frequency by rank on two logarithmic axes, with a fitted line. Points are [rank, count, label].
 *
 * @param {{points: Array, note: string|null, onWord: ((word: string) => void)|null}} props onWord is called with the word that
 *     is clicked
 */
export function RankFrequencyPlot({ points, note, onWord }) {
  const [at, setAt] = useState(-1);
  const figure = useRef(null);
  const picture = useRef(null);
  const width = useWidth(figure, 560);
  const plot = useMemo(() => layout(points, width), [points, width]);
  const { x, y, positions, line, ranks, counts, slope } = plot;
  const point = points[at];
  const onMove = (event) => {
    const box = event.currentTarget.getBoundingClientRect();
    setAt(nearest(positions, ((event.clientX - box.left) / box.width) * width));
  };
  const open = () => onWord !== null && point && onWord(point[2]);
  // A finger points only by touching: its first touch shows the word, the second opens it.
  const shownBefore = useRef(-1);
  const onDown = (event) => {
    shownBefore.current = at;
    onMove(event);
  };
  const onClick = () => shownBefore.current === at && open();
  const onLeave = (event) => event.pointerType !== 'touch' && setAt(-1);
  const onKey = (event) => {
    const next = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: points.length - 1 }[event.key];
    if (event.key === 'Enter') {
      // Otherwise it would press the first button of the dialog.
      event.preventDefault();
      open();
    } else if (event.key === 'Escape') {
      setAt(-1);
    } else if (next !== undefined) {
      event.preventDefault();
      show(Math.min(points.length - 1, Math.max(0, next)));
    }
  };
  const show = (next) => {
    if (next !== at) {
      const [rank, value, label] = points[next];
      setAt(next);
      announce(`Rank ${count(rank)}: ${label}, ${count(value)}`);
    }
  };
  const summary =
    `Rank and frequency on logarithmic axes: from ${count(points[0][1])} for rank 1 to ` +
    `${count(points.at(-1)[1])} for rank ${count(points.at(-1)[0])}${slope === null ? '' : `, slope ${slope}`}`;
  return html`
    <figure ref=${figure} class="panel padded chart">
      <figcaption class="row apart">
        <span class="label">Rank and frequency</span>
        ${slope !== null && html`<span class="muted">fitted slope <strong class="slope">${slope}</strong> (Zipf’s law: −1)</span>`}
      </figcaption>
      <svg
        ref=${picture}
        class=${onWord === null ? 'zipf' : 'zipf clickable'}
        viewBox=${`0 0 ${width} ${HEIGHT}`}
        width=${width}
        height=${HEIGHT}
        role="img"
        aria-label=${summary}
        tabindex="0"
        onPointerDown=${onDown}
        onPointerMove=${onMove}
        onPointerLeave=${onLeave}
        onBlur=${() => setAt(-1)}
        onClick=${onClick}
        onKeyDown=${onKey}
      >
        ${ranks.map(
          (rank) => html`
            <line class="grid" x1=${x(rank)} x2=${x(rank)} y1=${TOP} y2=${HEIGHT - BOTTOM} />
            <text class="tick-x" x=${x(rank)} y=${HEIGHT - BOTTOM + 16}>${tick(rank)}</text>`,
        )}
        ${counts.map(
          (value) => html`
            <line class="grid" x1=${LEFT} x2=${width - RIGHT} y1=${y(value)} y2=${y(value)} />
            <text class="tick-y" x=${LEFT - 6} y=${y(value)}>${tick(value)}</text>`,
        )}
        <text class="axis" x=${(LEFT + width - RIGHT) / 2} y=${HEIGHT - 4}>rank</text>
        <text class="axis" transform=${`translate(12 ${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)`}>count</text>
        ${line && html`<line class="fit" x1=${line.x1} y1=${line.y1} x2=${line.x2} y2=${line.y2} />`}
        ${points.map(([rank, value], n) => html`<circle key=${n} class="point" cx=${x(rank)} cy=${y(Number(value))} r="2.5" />`)}
        ${point && html`<${Pointed} point=${point} x=${x(point[0])} y=${y(Number(point[1]))} width=${width} />`}
      </svg>
      <p class="help no-print">Point at the curve, touch it or use the arrow keys to see a word${onWord === null ? '' : '; a click, a second touch or Enter shows it in its lines'}.</p>
      <p class="help">${slopeSentence(points)}${note && ` ${note}`}</p>
      <${SaveButtons} picture=${picture} name="Rank and frequency" />
    </figure>`;
}

/** The word at the pointer, with lines to both axes. */
function Pointed({ point: [rank, value, word], x, y, width }) {
  const measure = textMeasurer(LABEL_SIZE);
  const [before, after] = [`Rank ${count(rank)}: `, `, ${count(value)}`];
  const room = width - LEFT - RIGHT - measure(before + after);
  const shown = truncateToWidth(oneLine(word), Math.max(LABEL_SIZE, room), MAX_WORD, measure);
  const text = `${before}${FIRST_STRONG_ISOLATE}${shown}${POP_ISOLATE}${after}`;
  const half = measure(before + shown + after) / 2;
  const middle = Math.min(width - RIGHT - half, Math.max(LEFT + half, x));
  return html`
    <g class="at">
      <line x1=${x} x2=${x} y1=${TOP} y2=${HEIGHT - BOTTOM} />
      <line x1=${LEFT} x2=${width - RIGHT} y1=${y} y2=${y} />
      <circle cx=${x} cy=${y} r="5" />
      <text x=${middle} y=${y < TOP + 30 ? y + 24 : y - 14} direction="ltr">${text}</text>
    </g>`;
}

/** Full labels of large counts would leave too little space for the curve. */
function tick(value) {
  return value < 1_000_000 ? count(value) : shortCount(value);
}

function layout(points, width) {
  const numbers = points.map(([rank, value]) => [Number(rank), Number(value)]);
  const lastRank = numbers.at(-1)[0];
  const topCount = numbers[0][1];
  const x = logScale(lastRank, LEFT, width - RIGHT);
  const y = logScale(topCount, HEIGHT - BOTTOM, TOP);
  const fitted = hasEnough(numbers) ? fit(numbers) : null;
  return {
    x,
    y,
    positions: numbers.map(([rank]) => x(rank)),
    ranks: ticks(lastRank, Math.floor((width - LEFT - RIGHT) / TICK_WIDTH)),
    counts: ticks(topCount, Math.floor((HEIGHT - TOP - BOTTOM) / TICK_HEIGHT)),
    slope: fitted === null ? null : fitted.slope.toFixed(2).replace('-', '−'),
    line: fitted === null ? null : lineThrough(fitted, lastRank, topCount, x, y),
  };
}

/** The part of the fitted line that is within the axes. */
function lineThrough({ slope, intercept }, lastRank, topCount, x, y) {
  const rankAt = (value) => 10 ** ((Math.log10(value) - intercept) / slope);
  const countAt = (rank) => 10 ** (intercept + slope * Math.log10(rank));
  const ends = slope < 0 ? [Math.max(1, rankAt(topCount)), Math.min(lastRank, rankAt(1))] : [1, lastRank];
  if (!(ends[0] < ends[1])) {
    return null;
  }
  return { x1: x(ends[0]), y1: y(countAt(ends[0])), x2: x(ends[1]), y2: y(countAt(ends[1])) };
}
