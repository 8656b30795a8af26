import { html } from 'htm/preact';
import { useRef, useState } from 'preact/hooks';
import { cut, fit, short } from '../fit.js';
import { count } from '../format.js';
import { oneLine } from '../text.js';
import { measurer, useWidth } from './picture.js';

const ROW = 22;
const LONGEST = 20;
const GAP = 8;
const LEAST_BAR = 20;
/** As in the style sheet. */
const LABEL_PIXELS = 13;
const VALUE_PIXELS = 12;

/** The first rows as bars; the table beside it says the same in numbers. */
export function Bars({ rows, names, unit }) {
  const [most, setMost] = useState(20);
  const figure = useRef(null);
  const width = useWidth(figure, 560);
  const shown = rows.slice(0, most);
  const top = Math.max(1, ...shown.map(([, value]) => Number(value)));
  const labelled = measurer(LABEL_PIXELS);
  const labels = shown.map(([name]) => fit(name, width / 3, LONGEST, labelled));
  const label = Math.max(LABEL_PIXELS, ...labels.map(labelled)) + GAP;
  const numbered = measurer(VALUE_PIXELS);
  const widest = (format) => Math.max(...shown.map(([, value]) => numbered(format(value)))) + GAP;
  const format = label + widest(count) + LEAST_BAR > width ? short : count;
  const length = (value) => Math.max(1, (Math.max(LEAST_BAR, width - label - widest(format)) * Number(value)) / top);
  const height = shown.length * ROW;
  const choice = (n) => html`
    <button type="button" class="button filter" aria-pressed=${most === n} onClick=${() => setMost(n)}>Top ${n}</button>`;
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
        aria-label=${`Bars of the ${shown.length} most frequent, from ${oneLine(cut(shown[0][0], LONGEST))} with ${count(shown[0][1])}`}
      >
        ${shown.map(
          ([name, value], n) => html`
            <g key=${n} transform=${`translate(0 ${n * ROW})`}>
              <title>${`${oneLine(cut(name, 200))}: ${count(value)}`}</title>
              <svg width=${label} height=${ROW} aria-hidden="true">
                <text class="bar-label" x=${label - GAP} y=${ROW / 2} direction="ltr" unicode-bidi="plaintext">${labels[n]}</text>
              </svg>
              <rect x=${label} y="3" width=${length(value)} height=${ROW - 6} rx="2" />
              <text class="bar-value" x=${label + length(value) + 6} y=${ROW / 2}>${format(value)}</text>
            </g>`,
        )}
      </svg>
      <p class="visually-hidden">${names} by ${unit}; the table has every row.</p>
    </figure>`;
}
