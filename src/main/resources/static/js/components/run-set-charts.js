import { html } from 'htm/preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { api } from '../api/api.js';
import { useLoad } from '../hooks.js';
import { numberText } from '../lib/cell.js';
import { plural } from '../lib/format.js';
import { barsOf } from '../lib/result-display.js';
import { jobHref } from '../lib/router.js';
import { rowName } from '../lib/run-set.js';
import { oneLine } from '../lib/text.js';
import { shortNumber, truncate, truncateToWidth } from '../lib/truncate.js';
import { useWidth } from '../more-hooks.js';
import { ErrorNote, UserText } from './common.js';
import { textMeasurer } from './text-width.js';

const BARS = 8;
const FIRST_CHARTS = 12;
const MORE_CHARTS = 30;
/** So many results are loaded at the same time. */
const MAX_LOADING = 3;

// In pixels, as in the style sheet.
const ROW_HEIGHT = 18;
const GAP = 6;
const LABEL_SIZE = 12;
const MAX_LABEL = 14;

let loading = 0;
const waiting = [];

/** Does an action once few enough others are under way. */
async function inTurn(action, signal) {
  if (loading >= MAX_LOADING) {
    await new Promise((resolve) => waiting.push(resolve));
  } else {
    loading++;
  }
  try {
    return signal.aborted ? null : await action();
  } finally {
    // The place goes to the next one.
    const next = waiting.shift();
    if (next === undefined) {
      loading--;
    } else {
      next();
    }
  }
}

/** A small chart of the first rows of each result, all on the same scale. Those that are scrolled into view are loaded. */
export function RunSetCharts({ chart, rows, columns }) {
  const [limit, setLimit] = useState(FIRST_CHARTS);
  const [tops, setTops] = useState({});
  const withResult = rows.filter((row) => row.status === 'SUCCEEDED');
  const shown = withResult.slice(0, limit);
  const top = Math.max(0, ...shown.map((row) => tops[row.job_id] ?? 0));
  const onTop = (id, value) => setTops((before) => (before[id] === value ? before : { ...before, [id]: value }));
  if (withResult.length === 0) {
    return null;
  }
  const left = withResult.length - shown.length;
  return html`
    <section class="stack" aria-label="Charts">
      <div class="row apart">
        <h2>${chart.value} by ${chart.label}</h2>
        <span class="help">The first ${BARS} rows of each result${top > 0 && `, on one scale: the longest bar is ${numberText(top)}`}</span>
      </div>
      <ul class="small-charts">
        ${shown.map((row) => html`<li key=${row.job_id}><${SmallChart} row=${row} name=${rowName(row, columns)} chart=${chart} top=${top} onTop=${onTop} /></li>`)}
      </ul>
      ${left > 0 &&
      html`<div class="row no-print"><button type="button" class="button" onClick=${() => setLimit(limit + MORE_CHARTS)}>Show ${plural(Math.min(left, MORE_CHARTS), 'more chart')}</button></div>`}
    </section>`;
}

function SmallChart({ row, name, chart, top, onTop }) {
  const id = row.job_id;
  const figure = useRef(null);
  const [isNear, setNear] = useState(false);
  useEffect(() => {
    const observer = new IntersectionObserver(([entry]) => entry.isIntersecting && setNear(true), { rootMargin: '200px' });
    observer.observe(figure.current);
    return () => observer.disconnect();
  }, []);
  const { data, error, reload } = useLoad((signal) => (isNear ? inTurn(() => api.result(id, { limit: BARS }, signal), signal) : null), [id, isNear]);
  const bars = data === null ? [] : barsOf(chart, data);
  const highest = Math.max(0, ...bars.map(({ value }) => amount(value)));
  useEffect(() => {
    if (highest > 0) {
      onTop(id, highest);
    }
  }, [highest]);
  return html`
    <figure ref=${figure} class="panel small-chart">
      <figcaption><a href=${jobHref(id)}><${UserText} text=${truncate(name, 60)} /></a></figcaption>
      ${error && html`<${ErrorNote} error=${error} retry=${reload} />`}
      ${data !== null && bars.length === 0 && html`<p class="help">Nothing to draw.</p>`}
      ${bars.length > 0 && html`<${Bars} bars=${bars} top=${Math.max(top, highest)} name=${name} />`}
    </figure>`;
}

function Bars({ bars, top, name }) {
  const box = useRef(null);
  const width = useWidth(box, 260);
  const measure = textMeasurer(LABEL_SIZE);
  const labels = bars.map(({ label }) => truncateToWidth(oneLine(label), width / 3, MAX_LABEL, measure));
  const labelWidth = Math.max(LABEL_SIZE, ...labels.map(measure)) + GAP;
  const valueWidth = Math.max(...bars.map(({ value }) => measure(shortNumber(value)))) + GAP;
  const longest = Math.max(20, width - labelWidth - valueWidth);
  const height = bars.length * ROW_HEIGHT;
  const first = bars[0];
  return html`
    <div ref=${box}>
      <svg
        class="bars"
        viewBox=${`0 0 ${width} ${height}`}
        width=${width}
        height=${height}
        role="img"
        aria-label=${`${oneLine(truncate(name, 60))}: ${plural(bars.length, 'bar')}, the first for ${oneLine(truncate(first.label, MAX_LABEL))} with ${numberText(first.value)}`}
      >
        ${bars.map(
          ({ label, value }, n) => html`
            <g key=${n} transform=${`translate(0 ${n * ROW_HEIGHT})`}>
              <title>${`${oneLine(truncate(label, 200))}: ${numberText(value)}`}</title>
              <svg width=${labelWidth} height=${ROW_HEIGHT} aria-hidden="true">
                <text class="bar-label" x=${labelWidth - GAP} y=${ROW_HEIGHT / 2} direction="ltr" unicode-bidi="plaintext">${labels[n]}</text>
              </svg>
              <rect x=${labelWidth} y="3" width=${Math.max(1, (longest * amount(value)) / top)} height=${ROW_HEIGHT - 6} rx="2" />
              <text class="bar-value" x=${labelWidth + Math.max(1, (longest * amount(value)) / top) + 4} y=${ROW_HEIGHT / 2}>${shortNumber(value)}</text>
            </g>`,
        )}
      </svg>
    </div>`;
}

/** How long a bar is; values that cannot be drawn have the shortest. */
function amount(value) {
  const number = Number(value);
  return Number.isFinite(number) ? Math.max(0, number) : 0;
}
