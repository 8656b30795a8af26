import { html } from 'htm/preact';
import { useRef, useState } from 'preact/hooks';
import { useWidth } from '../hooks.js';
import { count } from '../lib/format.js';
import { oneLine } from '../lib/text.js';
import { shortCount, truncate, truncateToWidth } from '../lib/truncate.js';
import { textMeasurer } from './text-width.js';

// In pixels, as in the style sheet.
const ROW_HEIGHT = 22;
const GAP = 8;
const MIN_BAR = 20;
const LABEL_SIZE = 13;
const VALUE_SIZE = 12;

const MAX_LABEL = 20;

/** The first rows as bars. The table beside it has the numbers. */
export function BarChart({ rows, names, unit }) {
  const [barCount, setBarCount] = useState(20);
  const figure = useRef(null);
  const width = useWidth(figure, 560);
  const shown = rows.slice(0, barCount);
  const top = Math.max(1, ...shown.map(([, value]) => Number(value)));
  const labelLength = textMeasurer(LABEL_SIZE);
  const labels = shown.map(([name]) => truncateToWidth(name, width / 3, MAX_LABEL, labelLength));
  const labelWidth = Math.max(LABEL_SIZE, ...labels.map(labelLength)) + GAP;
  const valueLength = textMeasurer(VALUE_SIZE);
  const valueWidth = (format) => Math.max(...shown.map(([, value]) => valueLength(format(value)))) + GAP;
  const format = labelWidth + valueWidth(count) + MIN_BAR > width ? shortCount : count;
  const maxBar = Math.max(MIN_BAR, width - labelWidth - valueWidth(format));
  const barWidth = (value) => Math.max(1, (maxBar * Number(value)) / top);
  const height = shown.length * ROW_HEIGHT;
  const choice = (n) => html`
    <button type="button" class="button filter" aria-pressed=${barCount === n} onClick=${() => setBarCount(n)}>Top ${n}</button>`;
  return html`
    <figure ref=${figure} class="panel padded chart">
      <figcaption class="row apart">
        <span class="label">Most frequent</span>
        ${rows.length > 20 && html`<span class="row no-print" role="group" aria-label="How many bars">${choice(20)}${choice(50)}</span>`}
      </figcaption>
      <svg
        class="bars"
        viewBox=${`0 0 ${width} ${height}`}
        width=${width}
        height=${height}
        role="img"
        aria-label=${`Bars of the ${shown.length} most frequent, from ${oneLine(truncate(shown[0][0], MAX_LABEL))} with ${count(shown[0][1])}`}
      >
        ${shown.map(
          ([name, value], n) => html`
            <g key=${n} transform=${`translate(0 ${n * ROW_HEIGHT})`}>
              <title>${`${oneLine(truncate(name, 200))}: ${count(value)}`}</title>
              <svg width=${labelWidth} height=${ROW_HEIGHT} aria-hidden="true">
                <text class="bar-label" x=${labelWidth - GAP} y=${ROW_HEIGHT / 2} direction="ltr" unicode-bidi="plaintext">${labels[n]}</text>
              </svg>
              <rect x=${labelWidth} y="3" width=${barWidth(value)} height=${ROW_HEIGHT - 6} rx="2" />
              <text class="bar-value" x=${labelWidth + barWidth(value) + 6} y=${ROW_HEIGHT / 2}>${format(value)}</text>
            </g>`,
        )}
      </svg>
      <p class="visually-hidden">${names} by ${unit}; the table has every row.</p>
    </figure>`;
}
