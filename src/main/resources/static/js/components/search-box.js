import { html } from 'htm/preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

const SEARCH_MS = 60;

/**
 * A box whose text becomes the route's query once the writer pauses. What comes back from the route is written into the
 * box only where it is not what this box sent last, so that nothing that was typed meanwhile is lost.
 *
 * @param {{label: string, placeholder: string, q: string, onSearch: (q: string) => void}} properties q is what the
 *     route says; onSearch is called with another one, without spaces at its ends, and changes the route at once
 */
export function SearchBox({ label, placeholder, q, onSearch }) {
  const [text, setText] = useState(q);
  const sent = useRef(q);
  useLayoutEffect(() => {
    if (q !== sent.current) {
      sent.current = q;
      setText(q);
    }
  }, [q]);
  useEffect(() => {
    const wanted = text.trim();
    if (wanted === sent.current) {
      return undefined;
    }
    const timer = setTimeout(() => {
      sent.current = wanted;
      onSearch(wanted);
    }, SEARCH_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return html`
    <input
      class="input search"
      type="search"
      aria-label=${label}
      placeholder=${placeholder}
      dir="auto"
      value=${text}
      onInput=${(e) => setText(e.currentTarget.value)}
    />`;
}
