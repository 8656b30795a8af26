// Texts made to fit into pictures, lists and tables. Pure. What a reader takes for one character (a grapheme) may be a
// letter with marks, or an emoji of many parts: a text is cut only between two of them.

import { NOTHING, whole } from './format.js';

const SHORT = ['', 'k', 'M', 'B', 'T'];
const RAISED = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** A grapheme with more code units than this (letters under a pile of marks) counts as several. */
const GRAPHEME_UNITS = 16;

let segmenter;

/** Each grapheme of a text; one under a pile of marks comes in pieces. */
function* graphemes(text) {
  if (!('Segmenter' in Intl)) {
    yield* text;
    return;
  }
  segmenter ??= new Intl.Segmenter();
  for (const { segment } of segmenter.segment(text)) {
    if (segment.length <= GRAPHEME_UNITS) {
      yield segment;
    } else {
      yield* pieces(segment);
    }
  }
}

function* pieces(segment) {
  let piece = '';
  for (const character of segment) {
    if (piece.length + character.length > GRAPHEME_UNITS) {
      yield piece;
      piece = '';
    }
    piece += character;
  }
  yield piece;
}

/** A text by its first graphemes; '…' is one of them where some are left out. */
export function cut(text, most) {
  if (text.length <= most) {
    return text;
  }
  const kept = [];
  for (const grapheme of graphemes(text)) {
    if (kept.length === most) {
      return `${kept.slice(0, -1).join('')}…`;
    }
    kept.push(grapheme);
  }
  return text;
}

/**
 * As cut, but to a width, and to graphemes as well, so that little is measured.
 *
 * @param {(text: string) => number} measure the width of a text
 */
export function fit(text, width, most, measure) {
  let shown = cut(text, most);
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
 * A long text in two parts that together are the whole: where its head has no room, its end is still seen, which tells
 * files of one kind apart.
 *
 * @returns {[string, string]|null} null where the text is short
 */
export function headAndTail(text, most, tail) {
  if (text.length <= most) {
    return null;
  }
  const all = [...graphemes(text)];
  return all.length <= most ? null : [all.slice(0, -tail).join(''), all.slice(-tail).join('')];
}

/** The digits of a number in groups, each with the comma after it: one that has no room breaks between two. */
export function groups(text) {
  return text.match(/[^,]+,?/g) ?? [];
}

/** '812', '1.2k', '21M', '9.2×10¹⁸': a count where there is no room for all its digits. */
export function short(value) {
  const number = whole(value);
  if (number === null) {
    return NOTHING;
  }
  const amount = Number(number);
  const power = Math.floor(Math.log10(Math.max(1, Math.abs(amount))));
  const step = Math.floor(power / 3);
  if (step >= SHORT.length) {
    const times = brief(amount / 10 ** power);
    return `${times === '1' ? '' : `${times}×`}10${[...String(power)].map((digit) => RAISED[digit]).join('')}`;
  }
  return `${brief(amount / 1000 ** step)}${SHORT[step]}`;
}

/** At most three digits; rounded down, so that 999,999 does not become '1000k'. */
function brief(amount) {
  return String(Math.abs(amount) < 10 ? Math.trunc(amount * 10) / 10 : Math.trunc(amount));
}
