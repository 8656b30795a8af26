import { html } from 'htm/preact';
import { useMemo, useRef, useState } from 'preact/hooks';
import { useWidth } from '../hooks.js';
import { count } from '../lib/format.js';
import { shortCount } from '../lib/truncate.js';
import { fit, logScale, nearest, ticks } from '../lib/zipf.js';
import { announce } from '../state/store.js';
import { UserText } from './common.js';

const HEIGHT = 300;
const LEFT = 68;
const RIGHT = 14;
const TOP = 12;
const BOTTOM = 40;
/** The space that a label takes on an axis. */
const TICK_WIDTH = 56;
const TICK_HEIGHT = 22;

/** Frequency by rank on two logarithmic axes, with a fitted line. Points are [rank, count, label]. */
export function RankFrequencyPlot({ points }) {
  const [at, setAt] = useState(-1);
  const figure = useRef(null);
  const width = useWidth(figure, 560);
  const plot = useMemo(() => layout(points, width), [points, width]);
  const { x, y, positions, line, ranks, counts, slope } = plot;
  const point = points[at];
  const onMove = (event) => {
    const box = event.currentTarget.getBoundingClientRect();
    setAt(nearest(positions, ((event.clientX - box.left) / box.width) * width));
  };
  const onKey = (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      const next = Math.min(points.length - 1, Math.max(0, at + step));
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
        class="zipf"
        viewBox=${`0 0 ${width} ${HEIGHT}`}
        width=${width}
        height=${HEIGHT}
        role="img"
        aria-label=${summary}
        tabindex="0"
        onPointerMove=${onMove}
        onPointerLeave=${() => setAt(-1)}
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
        ${points.map(([rank, value], n) => html`<circle key=${n} class=${n === at ? 'point at' : 'point'} cx=${x(rank)} cy=${y(Number(value))} r=${n === at ? 5 : 2.5} />`)}
      </svg>
      <p class="help readout">
        ${point
          ? html`Rank ${count(point[0])}: <strong><${UserText} text=${point[2]} /></strong>, ${count(point[1])}`
          : html`<span class="no-print">Point at the curve, or use the arrow keys, to see what is there.</span>`}
      </p>
    </figure>`;
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
  const fitted = fit(numbers);
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
