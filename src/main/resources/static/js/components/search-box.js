import { html } from 'htm/preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { state } from '../store.js';

/** A browser bears 200 changes of its history in 10 s. */
const APART_MS = 60;

/**
 * A box whose text becomes the route's query, at once or a moment after the change before. What comes back from the
 * route is written into the box only where it is not what this box sent last, so that nothing that was typed meanwhile
 * is lost.
 *
 * @param {{label: string, placeholder: string, q: string, onSearch: (q: string) => void}} properties q is what the
 *     route says; onSearch is called with another one, without spaces at its ends, and changes the route at once
 */
export function SearchBox({ label, placeholder, q, onSearch }) {
  const [text, setText] = useState(q);
  const sent = useRef(q);
  const sentAt = useRef(-Infinity);
  const box = useRef(null);
  useEffect(() => {
    if (state.wantsSearch) {
      state.wantsSearch = false;
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
    const wait = sentAt.current + APART_MS - performance.now();
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
