import { html } from 'htm/preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { api } from '../api/api.js';
import { useLoad } from '../hooks.js';
import { numberText } from '../lib/cell.js';
import { plural } from '../lib/format.js';
import { barsOf, chartOf } from '../lib/result-display.js';
import { jobHref } from '../lib/router.js';
import { rowName } from '../lib/run-set.js';
import { oneLine } from '../lib/text.js';
import { shortNumber, truncate } from '../lib/truncate.js';
import { useWidth } from '../more-hooks.js';
import { BarRows, amount, shortLabels, widthOfValues } from './bar-row.js';
import { ErrorNote, UserText } from './common.js';
import { SaveButtons } from './save-buttons.js';

const BARS = 8;
const MAX_JOB_BARS = 50;
const FIRST_CHARTS = 12;
const MORE_CHARTS = 30;
/** So many results are loaded at the same time. */
const MAX_LOADING = 3;

// In pixels, as in the style sheet.
const ROW_HEIGHT = 18;
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

/**
 * What can be drawn of the jobs: a small chart of each result if their type has one. Otherwise a bar for each job, of a number of
 * their summaries, and a chart of what each result has, unless that is text in its context.
 */
export function RunSetFigures({ display, rows, columns, query, onChange }) {
  const chart = display.charts.find(({ kind }) => kind === 'bars');
  if (chart !== undefined) {
    return html`<${RunSetCharts} chart=${chart} rows=${rows} columns=${columns} />`;
  }
  const numbers = columns.filter(({ key }) => key.startsWith('summary.'));
  return html`
    ${numbers.length > 0 && html`<${JobBars} numbers=${numbers} rows=${rows} columns=${columns} number=${query.number} onChange=${onChange} />`}
    ${!display.in_context && html`<${RunSetCharts} chart=${null} rows=${rows} columns=${columns} />`}`;
}

/** A bar for each job. */
function JobBars({ numbers, rows, columns, number, onChange }) {
  const box = useRef(null);
  const column = numbers.find(({ key }) => key === number) ?? numbers[0];
  const withNumber = rows.filter((row) => column.value(row) != null);
  const bars = withNumber.slice(0, MAX_JOB_BARS).map((row) => ({ label: rowName(row, columns), value: column.value(row) }));
  if (bars.length === 0) {
    return null;
  }
  return html`
    <section class="stack" aria-label="Numbers of the jobs">
      <div class="row apart">
        <h2>${column.title} by job</h2>
        ${numbers.length > 1 &&
        html`
          <label class="row no-print">Number
            <select class="select" value=${column.key} onChange=${(e) => onChange({ number: e.currentTarget.value })}>
              ${numbers.map(({ key, title }) => html`<option key=${key} value=${key}>${title}</option>`)}
            </select>
          </label>`}
      </div>
      ${withNumber.length > bars.length && html`<p class="help">The first ${bars.length} of ${plural(withNumber.length, 'job')}, in the order of the table</p>`}
      <div ref=${box} class="panel small-chart job-bars"><${Bars} bars=${bars} top=${Math.max(1e-9, ...bars.map(({ value }) => amount(value)))} name=${`${column.title} by job`} maxLabel=${40} /></div>
      <${SaveButtons} picture=${box} name=${`${column.title} by job`} />
    </section>`;
}

/** A small chart of the first rows of each result, all on the same scale. Those that are scrolled into view are loaded. */
function RunSetCharts({ chart, rows, columns }) {
  const [limit, setLimit] = useState(FIRST_CHARTS);
  const [tops, setTops] = useState({});
  const charts = useRef(null);
  const withResult = rows.filter((row) => row.status === 'SUCCEEDED');
  const shown = withResult.slice(0, limit);
  const top = Math.max(0, ...shown.map((row) => tops[row.job_id] ?? 0));
  const onTop = (id, value) => setTops((before) => (before[id] === value ? before : { ...before, [id]: value }));
  if (withResult.length === 0) {
    return null;
  }
  const left = withResult.length - shown.length;
  const title = chart === null ? 'Results' : `${chart.value} by ${chart.label}`;
  return html`
    <section class="stack" aria-label="Charts">
      <div class="row apart">
        <h2>${title}</h2>
        <span class="help">The first ${BARS} rows of each result${top > 0 && `, on one scale: the longest bar is ${numberText(top)}`}</span>
      </div>
      <ul ref=${charts} class="small-charts">
        ${shown.map((row) => html`<li key=${row.job_id}><${SmallChart} row=${row} name=${rowName(row, columns)} chart=${chart} top=${top} onTop=${onTop} /></li>`)}
      </ul>
      ${top > 0 && html`<${SaveButtons} picture=${charts} name=${title} />`}
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
  const drawn = chart ?? (data && chartOf(data));
  const bars = drawn && data ? barsOf(drawn, data) : [];
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
      ${chart === null && bars.length > 0 && html`<p class="help"><${UserText} text=${truncate(drawn.label === null ? `${drawn.value}, row by row` : `${drawn.value} by ${drawn.label}`, 60)} /></p>`}
      ${data !== null && bars.length === 0 && html`<p class="help">${drawn === null ? 'Nothing to draw: the result has no column of numbers.' : 'Nothing to draw.'}</p>`}
      ${bars.length > 0 && html`<${Bars} bars=${bars} top=${Math.max(top, highest)} name=${name} />`}
    </figure>`;
}

function Bars({ bars, top, name, maxLabel = MAX_LABEL }) {
  const box = useRef(null);
  const width = useWidth(box, 260);
  const { labels, labelWidth } = shortLabels(bars.map(({ label }) => label), width, LABEL_SIZE, maxLabel);
  const longest = Math.max(20, width - labelWidth - widthOfValues(bars.map(({ value }) => shortNumber(value))));
  const height = bars.length * ROW_HEIGHT;
  const first = bars[0];
  return html`
    <div ref=${box}>
      <svg
        class="bars"
        data-title=${name}
        viewBox=${`0 0 ${width} ${height}`}
        width=${width}
        height=${height}
        role="img"
        aria-label=${`${oneLine(truncate(name, 60))}: ${plural(bars.length, 'bar')}, the first for ${oneLine(truncate(first.label, MAX_LABEL))} with ${numberText(first.value)}`}
      >
        <${BarRows} bars=${bars} height=${ROW_HEIGHT} labels=${labels} labelWidth=${labelWidth} top=${top} longest=${longest} format=${shortNumber} />
      </svg>
    </div>`;
}
