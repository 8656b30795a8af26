import { html } from 'htm/preact';
import { useRef } from 'preact/hooks';
import { oneLine } from '../lib/text.js';
import { truncate, truncateToWidth } from '../lib/truncate.js';
import { useWidth } from '../more-hooks.js';
import { SaveButtons } from './save-buttons.js';
import { textMeasurer } from './text-width.js';

// In pixels, as in the style sheet.
const ROW_HEIGHT = 22;
const HEAD = 24;
const GAP = 8;
const LABEL_SIZE = 13;
const VALUE_SIZE = 12;
const MAX_LABEL = 20;

/**
 * The rows that differ most as bars to both sides: to the left those that A has more of, to the right those of B.
 *
 * @param {{rows: Array<{key: string, value: number, text: string}>, title: string, sides: [string, string]}} props value is
 *     B − A, text shows it; sides head the two halves
 */
export function DifferenceChart({ rows, title, sides }) {
  const figure = useRef(null);
  const picture = useRef(null);
  const width = useWidth(figure, 720);
  const labelLength = textMeasurer(LABEL_SIZE);
  const labels = rows.map(({ key }) => truncateToWidth(oneLine(key), width / 3, MAX_LABEL, labelLength));
  const labelWidth = Math.max(LABEL_SIZE, ...labels.map(labelLength)) + GAP;
  // It shares its canvas with the other, so only now.
  const valueLength = textMeasurer(VALUE_SIZE);
  const valueWidth = Math.max(...rows.map(({ text }) => valueLength(text))) + GAP;
  const half = Math.max(20, (width - labelWidth - 2 * valueWidth) / 2);
  const middle = labelWidth + valueWidth + half;
  const top = Math.max(...rows.map(({ value }) => Math.abs(value))) || 1;
  const height = HEAD + rows.length * ROW_HEIGHT;
  return html`
    <figure ref=${figure} class="panel padded chart">
      <figcaption class="label">${title}</figcaption>
      <svg
        ref=${picture}
        class="bars differences"
        viewBox=${`0 0 ${width} ${height}`}
        width=${width}
        height=${height}
        role="img"
        aria-label=${`${title}: ${rows.map(({ key, text }) => `${oneLine(truncate(key, MAX_LABEL))} ${text}`).join(', ')}`}
      >
        <text class="bar-value side-a" x=${middle - GAP} y=${HEAD / 2}>${sides[0]}</text>
        <text class="bar-value" x=${middle + GAP} y=${HEAD / 2}>${sides[1]}</text>
        <line class="base" x1=${middle} x2=${middle} y1=${HEAD} y2=${height} />
        ${rows.map(({ key, value, text }, n) => {
          const length = Math.max(1, (half * Math.abs(value)) / top);
          return html`
            <g key=${key} transform=${`translate(0 ${HEAD + n * ROW_HEIGHT})`}>
              <title>${`${oneLine(truncate(key, 200))}: ${text}`}</title>
              <svg width=${labelWidth} height=${ROW_HEIGHT} aria-hidden="true">
                <text class="bar-label" x=${labelWidth - GAP} y=${ROW_HEIGHT / 2} direction="ltr" unicode-bidi="plaintext">${labels[n]}</text>
              </svg>
              <rect class=${value < 0 ? 'side-a' : ''} x=${value < 0 ? middle - length : middle} y="3" width=${length} height=${ROW_HEIGHT - 6} rx="2" />
              <text class=${value < 0 ? 'bar-value side-a' : 'bar-value'} x=${value < 0 ? middle - length - 6 : middle + length + 6} y=${ROW_HEIGHT / 2}>${text}</text>
            </g>`;
        })}
      </svg>
      <${SaveButtons} picture=${picture} name=${title} />
    </figure>`;
}
