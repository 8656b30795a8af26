// Text that others wrote, such as names and words, made to fit where it is shown. Pure. What a reader takes for one
// character (a grapheme) may be a letter with marks, or an emoji of many parts: a text is cut only between two of them.

/** Characters without a look of their own that turn the text after them around. */
const DIRECTION_MARKS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;

/** The end of a name that says what kind of file it is. */
const ENDING = /\.[a-z0-9]{1,5}$/i;

/** A grapheme with more code units than this (letters under a pile of marks) counts as several. */
const GRAPHEME_UNITS = 16;

let segmenter;

/** Each grapheme of a text; one under a pile of marks comes in pieces. */
export function* graphemes(text) {
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

/** On one line and without marks of direction, for places that isolate no text: the tab's title, labels, notices. */
export function oneLine(text) {
  return text.replace(DIRECTION_MARKS, '').replace(CONTROLS, ' ');
}

/** The direction that a text is read in: paths and names of files keep their ending at the end, whatever their script. */
export function directionOf(text) {
  return text.includes('/') || ENDING.test(text) ? 'ltr' : 'auto';
}
