import { html } from 'htm/preact';
import { useRef, useState } from 'preact/hooks';
import { numberText } from '../lib/cell.js';
import { oneLine } from '../lib/text.js';
import { shortNumber, truncate } from '../lib/truncate.js';
import { useWidth } from '../more-hooks.js';
import { BarRows, amount, shortLabels, widthOfValues } from './bar-row.js';
import { SaveButtons } from './save-buttons.js';

// In pixels, as in the style sheet.
const ROW_HEIGHT = 22;
const MIN_BAR = 20;
const LABEL_SIZE = 13;

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
  const { labels, labelWidth } = shortLabels(shown.map(({ label }) => label), width, LABEL_SIZE, MAX_LABEL);
  const valueWidth = (format) => widthOfValues(shown.map(({ value }) => format(value)));
  const format = labelWidth + valueWidth(numberText) + MIN_BAR > width ? shortNumber : numberText;
  const longest = Math.max(MIN_BAR, width - labelWidth - valueWidth(format));
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
        <${BarRows} bars=${shown} height=${ROW_HEIGHT} labels=${labels} labelWidth=${labelWidth} top=${top} longest=${longest} format=${format} />
      </svg>
      <p class="visually-hidden">The table has every row.</p>
      <${SaveButtons} picture=${picture} name=${title} />
    </figure>`;
}
