import { html } from 'htm/preact';
import { useRef, useState } from 'preact/hooks';
import { count } from '../format.js';
import { useWidth } from './picture.js';

const ROW = 22;
/** The widths of a character of a label, and of a digit, about. */
const CHARACTER = 8;
const DIGIT = 7;
const LONGEST = 20;

/** The first rows as bars; the table beside it says the same in numbers. */
export function Bars({ rows, names, unit }) {
  const [most, setMost] = useState(20);
  const figure = useRef(null);
  const width = useWidth(figure, 560);
  const shown = rows.slice(0, most);
  const top = Math.max(1, ...shown.map(([, value]) => Number(value)));
  const longest = Math.min(LONGEST, Math.floor(width / 3 / CHARACTER));
  const label = CHARACTER * Math.min(longest, Math.max(4, ...shown.map(([name]) => [...name].length))) + 8;
  const number = DIGIT * Math.max(...shown.map(([, value]) => count(value).length)) + 8;
  const length = (value) => Math.max(1, (Math.max(20, width - label - number) * Number(value)) / top);
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
        aria-label=${`Bars of the ${shown.length} most frequent, from ${cut(shown[0][0], LONGEST)} with ${count(shown[0][1])}`}
      >
        ${shown.map(
          ([name, value], n) => html`
            <g key=${n} transform=${`translate(0 ${n * ROW})`}>
              <title>${`${cut(name, 200)}: ${count(value)}`}</title>
              <text class="bar-label" x=${label - 8} y=${ROW / 2} direction="ltr" unicode-bidi="plaintext">${cut(name, longest)}</text>
              <rect x=${label} y="3" width=${length(value)} height=${ROW - 6} rx="2" />
              <text class="bar-value" x=${label + length(value) + 6} y=${ROW / 2}>${count(value)}</text>
            </g>`,
        )}
      </svg>
      <p class="visually-hidden">${names} by ${unit}; the table has every row.</p>
    </figure>`;
}

/** A text by its first characters, not cut within one. */
function cut(text, most) {
  const characters = [...String(text).slice(0, most * 2 + 2)];
  return characters.length <= most ? characters.join('') : `${characters.slice(0, most - 1).join('')}…`;
}
