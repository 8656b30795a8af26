// Places in a text, as the server gives them: lines and columns from 1, columns and lengths in Unicode code points. Pure.

/**
 * A place as indexes of a string, which count UTF-16 code units.
 *
 * @returns {[number, number]} the first index, and the index after the last; within the text even if the place is not
 */
export function rangeOf(text, { line, column, length }) {
  const ends = [...text.matchAll(/\r\n?|\n/g)].slice(0, line - 1);
  const lineStart = line === 1 ? 0 : ends.length < line - 1 ? text.length : ends.at(-1).index + ends.at(-1)[0].length;
  const start = advance(text, lineStart, column - 1);
  return [start, advance(text, start, length)];
}

function advance(text, from, codePoints) {
  let index = from;
  for (let n = 0; n < codePoints && index < text.length; n++) {
    index += text.codePointAt(index) > 0xffff ? 2 : 1;
  }
  return index;
}
