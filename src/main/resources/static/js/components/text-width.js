let context;

/** A function that measures the width of a text in the page's font, in pixels. */
export function textMeasurer(pixels) {
  context ??= document.createElement('canvas').getContext('2d');
  context.font = `${pixels}px ${getComputedStyle(document.body).fontFamily}`;
  return (text) => Math.ceil(context.measureText(text).width);
}
