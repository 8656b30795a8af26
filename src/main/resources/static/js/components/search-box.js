import { html } from 'htm/preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { set, state } from '../state/store.js';

/** Browsers allow 200 changes of the history in 10 s. */
const MIN_INTERVAL_MS = 60;

/**
 * A search box whose text is kept in the route. A new q replaces the text only if it is not what this box set last, so
 * that nothing typed meanwhile is lost.
 *
 * @param {{label: string, placeholder: string, q: string, onSearch: (q: string) => void}} properties q comes from the
 *     route; onSearch must change it at once to the trimmed text that it is called with
 */
export function SearchBox({ label, placeholder, q, onSearch }) {
  const [text, setText] = useState(q);
  const sent = useRef(q);
  const sentAt = useRef(-Infinity);
  const box = useRef(null);
  useEffect(() => {
    if (state.focusSearch) {
      set({ focusSearch: false });
      box.current.focus();
    }
  }, []);
  useLayoutEffect(() => {
    if (q !== sent.current) {
      sent.current = q;
      setText(q);
    }
  }, [q]);
  useLayoutEffect(() => {
    const wanted = text.trim();
    if (wanted === sent.current) {
      return undefined;
    }
    const send = () => {
      sent.current = wanted;
      sentAt.current = performance.now();
      onSearch(wanted);
    };
    const wait = sentAt.current + MIN_INTERVAL_MS - performance.now();
    if (wait <= 0) {
      send();
      return undefined;
    }
    const timer = setTimeout(send, wait);
    return () => clearTimeout(timer);
  }, [text]);
  return html`
    <input
      ref=${box}
      class="input search"
      type="search"
      aria-label=${label}
      placeholder=${placeholder}
      dir="auto"
      value=${text}
      onInput=${(e) => setText(e.currentTarget.value)}
    />`;
}
