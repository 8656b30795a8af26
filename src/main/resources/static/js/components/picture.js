import { useLayoutEffect, useState } from 'preact/hooks';

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
