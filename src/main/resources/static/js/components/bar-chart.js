import { html } from 'htm/preact';
import { useRef, useState } from 'preact/hooks';
import { numberText } from '../lib/cell.js';
import { oneLine } from '../lib/text.js';
import { shortNumber, truncate, truncateToWidth } from '../lib/truncate.js';
import { useWidth } from '../more-hooks.js';
import { SaveButtons } from './save-buttons.js';
import { textMeasurer } from './text-width.js';

// In pixels, as in the style sheet.
const ROW_HEIGHT = 22;
const GAP = 8;
const MIN_BAR = 20;
const LABEL_SIZE = 13;
const VALUE_SIZE = 12;

const MAX_LABEL = 20;

/**
 * The first rows as bars. The table beside it has the numbers.
 *
 * @param {{bars: Array<{label: string, value: number|string}>, title: string}} props
 */
export function BarChart({ bars, title }) {
  const [barCount, setBarCount] = useState(20);
  const figure = useRef(null);
  const picture = useRef(null);
  const width = useWidth(figure, 560);
  const shown = bars.slice(0, barCount);
  const top = Math.max(...shown.map(({ value }) => amount(value))) || 1;
  const labelLength = textMeasurer(LABEL_SIZE);
  const labels = shown.map(({ label }) => truncateToWidth(label, width / 3, MAX_LABEL, labelLength));
  const labelWidth = Math.max(LABEL_SIZE, ...labels.map(labelLength)) + GAP;
  const valueLength = textMeasurer(VALUE_SIZE);
  const valueWidth = (format) => Math.max(...shown.map(({ value }) => valueLength(format(value)))) + GAP;
  const format = labelWidth + valueWidth(numberText) + MIN_BAR > width ? shortNumber : numberText;
  const maxBar = Math.max(MIN_BAR, width - labelWidth - valueWidth(format));
  const barWidth = (value) => Math.max(1, (maxBar * amount(value)) / top);
  const height = shown.length * ROW_HEIGHT;
  const choice = (n) => html`
    <button type="button" class="button filter" aria-pressed=${barCount === n} onClick=${() => setBarCount(n)}>First ${n}</button>`;
  return html`
    <figure ref=${figure} class="panel padded chart">
      <figcaption class="row apart">
        <span class="label">${title}</span>
        ${bars.length > 20 && html`<span class="row no-print" role="group" aria-label="How many bars">${choice(20)}${choice(50)}</span>`}
      </figcaption>
      <svg
        ref=${picture}
        class="bars"
        viewBox=${`0 0 ${width} ${height}`}
        width=${width}
        height=${height}
        role="img"
        aria-label=${`${title}: ${shown.length} bars, the first for ${oneLine(truncate(shown[0].label, MAX_LABEL))} with ${numberText(shown[0].value)}`}
      >
        ${shown.map(
          ({ label, value }, n) => html`
            <g key=${n} transform=${`translate(0 ${n * ROW_HEIGHT})`}>
              <title>${`${oneLine(truncate(label, 200))}: ${numberText(value)}`}</title>
              <svg width=${labelWidth} height=${ROW_HEIGHT} aria-hidden="true">
                <text class="bar-label" x=${labelWidth - GAP} y=${ROW_HEIGHT / 2} direction="ltr" unicode-bidi="plaintext">${labels[n]}</text>
              </svg>
              <rect x=${labelWidth} y="3" width=${barWidth(value)} height=${ROW_HEIGHT - 6} rx="2" />
              <text class="bar-value" x=${labelWidth + barWidth(value) + 6} y=${ROW_HEIGHT / 2}>${format(value)}</text>
            </g>`,
        )}
      </svg>
      <p class="visually-hidden">The table has every row.</p>
      <${SaveButtons} picture=${picture} name=${title} />
    </figure>`;
}

/** How long a bar is; values that cannot be drawn have the shortest. */
function amount(value) {
  const number = Number(value);
  return Number.isFinite(number) ? Math.max(0, number) : 0;
}
