import { useLayoutEffect, useState } from 'preact/hooks';

let pen;

/** What tells how wide a text of a picture is, in pixels; letters differ, and a kanji is twice as wide as most. */
export function measurer(pixels) {
  pen ??= document.createElement('canvas').getContext('2d');
  pen.font = `${pixels}px ${getComputedStyle(document.body).fontFamily}`;
  return (text) => Math.ceil(pen.measureText(text).width);
}

/** The width of an element in pixels, so that a picture can be drawn for it with text of one size. */
export function useWidth(element, before) {
  const [width, setWidth] = useState(before);
  useLayoutEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(Math.max(240, Math.round(entry.contentRect.width))));
    observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return width;
}
