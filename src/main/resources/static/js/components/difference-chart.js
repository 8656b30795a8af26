import { html } from 'htm/preact';
import { useRef } from 'preact/hooks';
import { oneLine } from '../lib/text.js';
import { truncate } from '../lib/truncate.js';
import { useWidth } from '../more-hooks.js';
import { BarRow, barLength, shortLabels, widthOfValues } from './bar-row.js';
import { SaveButtons } from './save-buttons.js';

// In pixels, as in the style sheet.
const ROW_HEIGHT = 22;
const HEAD = 24;
const GAP = 8;
const LABEL_SIZE = 13;
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
  const { labels, labelWidth } = shortLabels(rows.map(({ key }) => key), width, LABEL_SIZE, MAX_LABEL);
  const valueWidth = widthOfValues(rows.map(({ text }) => text));
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
        ${rows.map(
          ({ key, value, text }, n) => html`
            <${BarRow}
              key=${key}
              y=${HEAD + n * ROW_HEIGHT}
              height=${ROW_HEIGHT}
              name=${key}
              label=${labels[n]}
              labelWidth=${labelWidth}
              from=${middle}
              length=${barLength(Math.abs(value), top, half)}
              value=${text}
              isLeft=${value < 0}
            />`,
        )}
      </svg>
      <${SaveButtons} picture=${picture} name=${title} />
    </figure>`;
}
