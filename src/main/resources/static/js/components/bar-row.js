// What all charts with horizontal bars have: rows of a label, a bar and a value.

import { html } from 'htm/preact';
import { numberText } from '../lib/cell.js';
import { oneLine } from '../lib/text.js';
import { truncate, truncateToWidth } from '../lib/truncate.js';
import { textMeasurer } from './text-width.js';

// In pixels, as in the style sheet.
const GAP = 8;
const VALUE_GAP = 6;
const VALUE_SIZE = 12;

/** A value as a number that a bar can have; one that cannot be drawn has the shortest bar. */
export function amount(value) {
  const number = Number(value);
  return Number.isFinite(number) ? Math.max(0, number) : 0;
}

/** The length of a bar; top is the value of the longest. */
export function barLength(value, top, longest) {
  return Math.max(1, (longest * value) / top);
}

/**
 * Truncates the labels of rows to a third of a width.
 *
 * @param {string[]} names
 * @param {number} width of the chart
 * @param {number} size of the labels, in pixels
 * @param {number} max the most graphemes of a label
 * @returns {{labels: string[], labelWidth: number}}
 */
export function shortLabels(names, width, size, max) {
  const measure = textMeasurer(size);
  const labels = names.map((name) => truncateToWidth(oneLine(name), width / 3, max, measure));
  return { labels, labelWidth: Math.max(size, ...labels.map(measure)) + GAP };
}

/** The width that the longest of some values needs. */
export function widthOfValues(texts) {
  return Math.max(...texts.map(textMeasurer(VALUE_SIZE))) + GAP;
}

/**
 * Rows with bars to the right, one below the other.
 *
 * @param {{bars: Array<{label: string, value: number|string}>, height: number, labels: string[], labelWidth: number, top: number,
 *     longest: number, format: (value: number|string) => string}} props height is that of a row; labels and labelWidth as
 *     shortLabels has them; longest is the length of the bar of top; format makes what is drawn of a value
 */
export function BarRows({ bars, height, labels, labelWidth, top, longest, format }) {
  return bars.map(
    ({ label, value }, n) => html`
      <${BarRow}
        key=${n}
        y=${n * height}
        height=${height}
        name=${label}
        label=${labels[n]}
        labelWidth=${labelWidth}
        from=${labelWidth}
        length=${barLength(amount(value), top, longest)}
        value=${numberText(value)}
        shown=${format(value)}
      />`,
  );
}

/**
 * One row.
 *
 * @param {{y: number, height: number, name: string, label: string, labelWidth: number, from: number, length: number,
 *     value: string, shown: string, isLeft: boolean}} props label is what is drawn of the name, shown what is drawn of the
 *     value; the bar begins at from and goes to the right, or to the left
 */
export function BarRow({ y, height, name, label, labelWidth, from, length, value, shown = value, isLeft = false }) {
  const end = isLeft ? from - length : from + length;
  return html`
    <g transform=${`translate(0 ${y})`}>
      <title>${`${oneLine(truncate(name, 200))}: ${value}`}</title>
      <svg width=${labelWidth} height=${height} aria-hidden="true">
        <text class="bar-label" x=${labelWidth - GAP} y=${height / 2} direction="ltr" unicode-bidi="plaintext">${label}</text>
      </svg>
      <rect class=${isLeft ? 'side-a' : ''} x=${Math.min(from, end)} y="3" width=${length} height=${height - 6} rx="2" />
      <text class=${isLeft ? 'bar-value side-a' : 'bar-value'} x=${isLeft ? end - VALUE_GAP : end + VALUE_GAP} y=${height / 2}>${shown}</text>
    </g>`;
}
