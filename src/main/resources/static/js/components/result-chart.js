import { html } from 'htm/preact';
import { useMemo, useRef, useState } from 'preact/hooks';
import { api } from '../api/api.js';
import { useLoad, useStore } from '../hooks.js';
import { isNumeric, numberText } from '../lib/cell.js';
import { KINDS, MAX_POINTS, axisOf, binsOf, chartOf, extent, firstChart, hasLogX, isContinuous, pointsOf, xColumns } from '../lib/chart.js';
import { count, plural } from '../lib/format.js';
import { requestOf } from '../lib/result-view.js';
import { jobHref } from '../lib/router.js';
import { oneLine } from '../lib/text.js';
import { truncate, truncateToWidth } from '../lib/truncate.js';
import { useWidth } from '../more-hooks.js';
import { replaceRoute } from '../state/navigation.js';
import { announce } from '../state/store.js';
import { ErrorNote, Icon, Skeleton, UserText } from './common.js';
import { SaveButtons } from './save-buttons.js';
import { textMeasurer } from './text-width.js';

/** A page has fewer rows than asked for if they are long. */
const MAX_REQUESTS = 20;

const HEIGHT = 380;
const TOP = 14;
const RIGHT = 16;
const LABEL_SIZE = 12;
const GAP = 8;
const MIN_BAR = 3;
const MIN_HEIGHT = 2;
const MAX_LABEL = 16;
const LABEL_WIDTH = 110;
const MEASURED_LABELS = 200;
/** The sine of the angle of labels. */
const SLOPE = 0.65;
const MAX_NAME = 40;

/** Opens a chart; nothing if there is one, or no column has numbers. */
export function ChartButton({ id, columns }) {
  const query = useStore((s) => s.route.query);
  const first = firstChart(columns);
  if (first === null || chartOf(query, columns) !== null) {
    return null;
  }
  const open = () => replaceRoute(jobHref(id, 'results', { ...query, chart: first.kind, x: first.x, y: first.y }));
  return html`<button type="button" class="button filter" onClick=${open}><${Icon} name="chart" />Draw a chart</button>`;
}

/** The chart of the rows that are shown, as the reader has chosen it; nothing if there is none. */
export function ResultChart({ id, view, columns }) {
  const query = useStore((s) => s.route.query);
  const chart = chartOf(query, columns);
  if (chart === null) {
    return null;
  }
  const choose = (changes) => replaceRoute(jobHref(id, 'results', { ...query, ...changes }));
  return html`
    <section class="panel padded stack result-chart" aria-label="Chart">
      <${Choices} chart=${chart} columns=${columns} onChoose=${choose} />
      <${Loaded} id=${id} view=${view} query=${query} chart=${chart} />
    </section>`;
}

function Choices({ chart, columns, onChoose }) {
  const close = () => onChoose({ chart: null, x: null, y: null, log: null });
  const columnChoice = (label, column, from, onChange) => html`
    <label class="field">
      <span class="label">${label}</span>
      <select class="select" value=${column.name} onChange=${(e) => onChange(from[e.currentTarget.selectedIndex].name)}>
        ${from.map(({ name }) => html`<option key=${name} value=${name}>${truncate(oneLine(name), MAX_NAME)}</option>`)}
      </select>
    </label>`;
  const log = (x, y) => onChoose({ log: `${x ? 'x' : ''}${y ? 'y' : ''}` });
  const check = (label, checked, onChange) => html`
    <label class="row"><input type="checkbox" checked=${checked} onChange=${onChange} />${label}</label>`;
  return html`
    <div class="chart-choices no-print">
      <div class="row" role="group" aria-label="Kind of chart">
        ${Object.entries(KINDS).map(
          ([kind, title]) => html`<button key=${kind} type="button" class="button filter" aria-pressed=${kind === chart.kind} onClick=${() => onChoose({ chart: kind })}>${title}</button>`,
        )}
      </div>
      ${columnChoice(chart.kind === 'histogram' ? 'Values' : 'Horizontal', chart.x, xColumns(chart.kind, columns), (x) => onChoose({ x }))}
      ${chart.kind !== 'histogram' && columnChoice('Vertical', chart.y, columns.filter(isNumeric), (y) => onChoose({ y }))}
      <div class="row" role="group" aria-label="Logarithmic axes">
        ${hasLogX(chart.kind) && isNumeric(chart.x) && check('log horizontal', chart.logX, () => log(!chart.logX, chart.logY))}
        ${check('log vertical', chart.logY, () => log(chart.logX, !chart.logY))}
      </div>
      <button type="button" class="button plain" onClick=${close}>Close the chart</button>
    </div>`;
}

/** Loads the rows of the chart page by page. */
async function loadRows(id, view, signal) {
  const rows = [];
  let page;
  for (let n = 0; n < MAX_REQUESTS; n++) {
    page = await api.result(id, { offset: rows.length, limit: MAX_POINTS - rows.length, ...requestOf(view) }, signal);
    rows.push(...page.rows);
    if (page.rows.length === 0 || rows.length >= Math.min(MAX_POINTS, Number(page.total))) {
      break;
    }
  }
  return { columns: page.columns, rows, total: page.total };
}

function Loaded({ id, view, query, chart }) {
  const { data, error, loading, reload } = useLoad((signal) => loadRows(id, view, signal), [id, query.q, query.sort, query.filter, query.fold]);
  if (error) {
    return html`<${ErrorNote} error=${error} retry=${reload} />`;
  }
  return data === null ? loading && html`<${Skeleton} lines=${6} />` : html`<${Picture} data=${data} chart=${chart} />`;
}

function Picture({ data, chart }) {
  const [at, setAt] = useState(-1);
  const figure = useRef(null);
  const picture = useRef(null);
  const width = useWidth(figure, 800);
  const plot = useMemo(
    () => layout(chart, data, width),
    [data, width, chart.kind, chart.x.name, chart.y.name, chart.logX, chart.logY],
  );
  const title = titleOf(chart);
  const marks = plot.marks;
  const point = marks[at];
  const onMove = (event) => {
    const box = event.currentTarget.getBoundingClientRect();
    const [x, y] = [((event.clientX - box.left) / box.width) * width, ((event.clientY - box.top) / box.height) * HEIGHT];
    setAt(nearestMark(marks, x, chart.kind === 'scatter' ? y : null));
  };
  const onKey = (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step !== undefined && marks.length > 0) {
      event.preventDefault();
      const next = Math.min(marks.length - 1, Math.max(0, at + step));
      setAt(next);
      announce(marks[next].text);
    }
  };
  const name = oneLine(title);
  return html`
    <figure ref=${figure} class="chart">
      <figcaption class="label"><${UserText} text=${title} /></figcaption>
      ${marks.length === 0
        ? html`<p class="note">No row has values for this chart.</p>`
        : html`
            <svg
              ref=${picture}
              class="free-chart"
              viewBox=${`0 0 ${width} ${HEIGHT}`}
              width=${width}
              height=${HEIGHT}
              role="img"
              aria-label=${`${name}: ${plural(marks.length, chart.kind === 'histogram' ? 'interval' : 'point')}, ${rangeText(plot)}`}
              tabindex="0"
              onPointerDown=${onMove}
              onPointerMove=${onMove}
              onPointerLeave=${(event) => event.pointerType !== 'touch' && setAt(-1)}
              onKeyDown=${onKey}
            >
              <${Axes} plot=${plot} width=${width} />
              ${plot.path && html`<path class=${plot.pathClass} d=${plot.path} />`}
              ${point && html`<circle class="at" cx=${point.x} cy=${point.y} r="5" />`}
            </svg>`}
      <p class="help readout">
        ${point ? html`<strong><${UserText} text=${point.text} /></strong>` : html`<span class="no-print">Point at the chart, touch it or use the arrow keys to see its values.</span>`}
      </p>
      <${Notes} data=${data} plot=${plot} />
      ${marks.length > 0 && html`<${SaveButtons} picture=${picture} name=${name} />`}
    </figure>`;
}

/** What the chart does not show. */
function Notes({ data, plot }) {
  const total = Number(data.total);
  const notes = [
    data.rows.length < total && `The first ${count(data.rows.length)} of ${count(data.total)} rows.`,
    plot.cut > 0 && `Only ${count(plot.marks.length)} bars have room; ${plural(plot.cut, 'row')} after them ${plot.cut === 1 ? 'is' : 'are'} not drawn.`,
    plot.unplaced > 0 && `${plural(plot.unplaced, 'row')} without a value, or one that the axes cannot show, ${plot.unplaced === 1 ? 'is' : 'are'} left out.`,
  ].filter(Boolean);
  return notes.length > 0 && html`<p class="help">${notes.join(' ')}</p>`;
}

function titleOf({ kind, x, y }) {
  return kind === 'histogram' ? `Histogram of ${x.name}` : `${y.name} by ${x.name}`;
}

function rangeText({ low, high }) {
  return `from ${numberText(low)} to ${numberText(high)}`;
}

function nearestMark(marks, x, y) {
  let [best, distance] = [-1, Infinity];
  marks.forEach((mark, n) => {
    const other = (mark.x - x) ** 2 + (y === null ? 0 : (mark.y - y) ** 2);
    if (other < distance) {
      [best, distance] = [n, other];
    }
  });
  return best;
}

function Axes({ plot, width }) {
  const { ticksX, ticksY, leftEdge: left, bottom, slanted, titleX, titleY } = plot;
  const end = HEIGHT - bottom;
  return html`
    ${ticksY.map(
      ({ at, text }) => html`
        <line class="grid" x1=${left} x2=${width - RIGHT} y1=${at} y2=${at} />
        <text class="tick-y" x=${left - 6} y=${at}>${text}</text>`,
    )}
    ${ticksX.map(({ at, text }) =>
      slanted
        ? html`<text class="tick-slanted" transform=${`translate(${at} ${end + 12}) rotate(-40)`}>${text}</text>`
        : html`<text class="tick-x" x=${at} y=${end + 17}>${text}</text>`,
    )}
    <line class="base" x1=${left} x2=${width - RIGHT} y1=${end} y2=${end} />
    <text class="axis" x=${(left + width - RIGHT) / 2} y=${HEIGHT - 6}>${titleX}</text>
    <text class="axis" transform=${`translate(12 ${(TOP + end) / 2}) rotate(-90)`}>${titleY}</text>`;
}

/**
 * Where everything is.
 *
 * @returns marks: the values that can be pointed at, with their places; path: what is drawn of them; unplaced and cut: how
 *     many rows have no place, and how many have no room
 */
function layout(chart, { columns, rows }, width) {
  const { kind, x, y, logX, logY } = chart;
  const measure = textMeasurer(LABEL_SIZE);
  const { points, left: unplaced } = pointsOf(chart, columns, rows);
  const hasLabels = kind === 'bars' || !isContinuous(x);
  const bins = kind === 'histogram' ? binsOf(points.map((point) => point.x), logX, Math.max(5, Math.min(40, Math.floor(width / 24)))) : null;
  const [low, high] = extent(bins === null ? points.map((point) => point.y) : bins.map((bin) => bin.count));
  const fromZero = kind === 'bars' || kind === 'histogram';
  // Bars begin at 0, where there is one.
  const rangeY = logY ? [bins === null ? low : 1, Math.max(high, 1e-300)] : fromZero ? [Math.min(0, low), Math.max(0, high)] : [low, high];
  const empty = { marks: [], unplaced, cut: 0, low, high };
  if (points.length === 0) {
    return empty;
  }
  const slanted = hasLabels;
  const bottom = 46 + (slanted ? Math.round(SLOPE * labelWidth(points, measure)) : 0);
  const end = HEIGHT - bottom;
  const axisY = axisOf(logY ? 'log' : 'linear', rangeY, [end, TOP], 7);
  const left = 24 + GAP + Math.max(...axisY.ticks.map(({ text }) => measure(text)));
  const right = width - RIGHT;
  const room = hasLabels && kind === 'bars' ? Math.max(1, Math.floor((right - left) / MIN_BAR)) : points.length;
  const shown = points.slice(0, room);
  const typeX = logX && isNumeric(x) ? 'log' : isNumeric(x) ? 'linear' : 'time';
  const band = (right - left) / shown.length;
  const rangeX = bins === null ? extent(shown.map((point) => point.x)) : [bins[0].from, bins.at(-1).to];
  const axisX = hasLabels ? null : axisOf(typeX, rangeX, [left, right], Math.floor((right - left) / 90));
  const placeX = hasLabels ? (value) => left + (value + 0.5) * band : axisX.place;
  const every = Math.ceil(18 / band);
  const ticksX = hasLabels
    ? shown.filter((_, n) => n % every === 0).map(({ x: at, label }) => ({ at: placeX(at), text: labelText(label, measure) }))
    : axisX.ticks.map(({ value, text }) => ({ at: axisX.place(value), text })).filter(({ at }) => at >= left - 1 && at <= right + 1);
  const base = axisY.place(logY ? axisY.ticks[0].value : 0);
  // A logarithmic axis begins with the smallest value, whose bar would have no height.
  const top = (value) => (logY && fromZero ? Math.min(axisY.place(value), base - MIN_HEIGHT) : axisY.place(value));
  const marks =
    bins === null
      ? shown.map((point) => ({ x: placeX(point.x), y: top(point.y), text: `${x.name}: ${point.label}, ${y.name}: ${numberText(point.y)}` }))
      : bins.map((bin) => ({
          x: (placeX(bin.from) + placeX(bin.to)) / 2,
          y: bin.count === 0 ? base : top(bin.count),
          from: placeX(bin.from),
          to: placeX(bin.to),
          text: `${numberText(short(bin.from))} to ${numberText(short(bin.to))}: ${plural(bin.count, 'row')}`,
        }));
  const path = PATHS[kind](marks, base, band);
  const name = (column) => truncateToWidth(oneLine(column.name), width / 2, MAX_NAME, measure);
  return {
    ...empty,
    marks,
    path,
    pathClass: kind === 'line' ? 'curve' : kind === 'scatter' ? 'dots' : 'boxes',
    cut: points.length - shown.length,
    leftEdge: left,
    ticksX,
    ticksY: axisY.ticks.map(({ value, text }) => ({ at: axisY.place(value), text })),
    bottom,
    slanted,
    titleX: name(x),
    titleY: bins === null ? name(y) : 'rows',
  };
}

function labelText(label, measure) {
  return truncateToWidth(oneLine(label), LABEL_WIDTH, MAX_LABEL, measure);
}

/** Of the first labels, since measuring takes time. */
function labelWidth(points, measure) {
  return Math.max(...points.slice(0, MEASURED_LABELS).map(({ label }) => measure(labelText(label, measure))));
}

function short(value) {
  return Number(value.toPrecision(6));
}

const box = (from, to, y, base) => `M${round(from)} ${round(base)}V${round(y)}H${round(to)}V${round(base)}Z`;

function round(pixels) {
  return Math.round(pixels * 100) / 100;
}

/** One path for all points: a browser draws 10,000 elements slowly. */
const PATHS = {
  bars: (marks, base, band) => {
    const half = Math.max(0.5, Math.min(30, band * 0.4));
    return marks.map(({ x, y }) => box(x - half, x + half, y, base)).join('');
  },
  histogram: (marks, base) => marks.map(({ from, to, y }) => box(from + 0.5, Math.max(from + 1, to - 0.5), y, base)).join(''),
  line: (marks) => marks.map(({ x, y }, n) => `${n === 0 ? 'M' : 'L'}${round(x)} ${round(y)}`).join(''),
  // A line of no length with round ends is a dot.
  scatter: (marks) => marks.map(({ x, y }) => `M${round(x)} ${round(y)}h0`).join(''),
};
