// Texts and numbers shortened for charts, lists and tables. Pure. A grapheme, which readers see as one character, may be
// a letter with many marks or an emoji of many parts: texts are cut only between graphemes.

import { NO_VALUE, whole } from './format.js';

const SUFFIXES = ['', 'k', 'M', 'B', 'T'];
const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** A grapheme with more code units than this (a letter with a pile of marks) counts as several. */
const MAX_GRAPHEME_LENGTH = 16;

let segmenter;

function* graphemes(text) {
  if (!('Segmenter' in Intl)) {
    yield* text;
    return;
  }
  segmenter ??= new Intl.Segmenter();
  for (const { segment } of segmenter.segment(text)) {
    if (segment.length <= MAX_GRAPHEME_LENGTH) {
      yield segment;
    } else {
      yield* pieces(segment);
    }
  }
}

function* pieces(segment) {
  let piece = '';
  for (const character of segment) {
    if (piece.length + character.length > MAX_GRAPHEME_LENGTH) {
      yield piece;
      piece = '';
    }
    piece += character;
  }
  yield piece;
}

/** At most so many graphemes of a text, the last of them '…' if it is shortened. */
export function truncate(text, max) {
  if (text.length <= max) {
    return text;
  }
  const kept = [];
  for (const grapheme of graphemes(text)) {
    if (kept.length === max) {
      return `${kept.slice(0, -1).join('')}…`;
    }
    kept.push(grapheme);
  }
  return text;
}

/**
 * Truncates a text to a width.
 *
 * @param {number} max the most graphemes, so that little has to be measured
 * @param {(text: string) => number} measure the width of a text
 */
export function truncateToWidth(text, width, max, measure) {
  let shown = truncate(text, max);
  if (measure(shown) <= width) {
    return shown;
  }
  const kept = [...graphemes(shown.endsWith('…') ? shown.slice(0, -1) : shown)];
  do {
    kept.pop();
    shown = `${kept.join('')}…`;
  } while (kept.length > 1 && measure(shown) > width);
  return shown;
}

/**
 * Splits a long text, so that its tail can stay visible while its head is truncated. File names often differ at the end.
 *
 * @param {number} max texts of at most so many graphemes are not split
 * @param {number} tail the length of the tail, in graphemes
 * @returns {[string, string]|null} null if the text is short
 */
export function splitTail(text, max, tail) {
  if (text.length <= max) {
    return null;
  }
  const all = [...graphemes(text)];
  return all.length <= max ? null : [all.slice(0, -tail).join(''), all.slice(-tail).join('')];
}

/** The groups of digits in a formatted number, each with its comma; lines may break between them. */
export function digitGroups(text) {
  return text.match(/[^,]+,?/g) ?? [];
}

/** A number in little space: a whole one as shortCount, another one rounded. */
export function shortNumber(value) {
  return whole(value) === null && Number.isFinite(Number(value)) ? String(Number(Number(value).toPrecision(3))) : shortCount(value);
}

/** '812', '1.2k', '21M', '9.2×10¹⁸': a count in little space. */
export function shortCount(value) {
  const number = whole(value);
  if (number === null) {
    return NO_VALUE;
  }
  const amount = Number(number);
  const power = Math.floor(Math.log10(Math.max(1, Math.abs(amount))));
  const step = Math.floor(power / 3);
  if (step >= SUFFIXES.length) {
    const factor = threeDigits(amount / 10 ** power);
    return `${factor === '1' ? '' : `${factor}×`}10${[...String(power)].map((digit) => SUPERSCRIPTS[digit]).join('')}`;
  }
  return `${threeDigits(amount / 1000 ** step)}${SUFFIXES[step]}`;
}

/** Rounded down, so that 999,999 does not become '1000k'. */
function threeDigits(amount) {
  return String(Math.abs(amount) < 10 ? Math.trunc(amount * 10) / 10 : Math.trunc(amount));
}
