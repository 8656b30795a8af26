import { useEffect } from 'preact/hooks';
import { go, state } from '../store.js';

const PLACES = { n: '#/new', j: '#/jobs', d: '#/datasets', a: '#/about' };
const SEQUENCE_MS = 1_200;

/** Whether a key belongs to what has the focus, or to a dialog or the browser, and not to the page. */
export function isTyping(event) {
  return (
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    event.isComposing ||
    document.querySelector('dialog[open]') !== null ||
    event.target.closest?.('input:not([type="checkbox"]), textarea, select, [contenteditable]') !== null
  );
}

/** The keys that work everywhere. */
export function useKeys(showHelp) {
  useEffect(() => {
    let pressedG = -Infinity;
    const onKey = (event) => {
      if (isTyping(event)) {
        return;
      }
      const afterG = event.timeStamp - pressedG < SEQUENCE_MS;
      pressedG = -Infinity;
      if (afterG && PLACES[event.key]) {
        event.preventDefault();
        go(PLACES[event.key]);
      } else if (event.key === 'g') {
        pressedG = event.timeStamp;
      } else if (event.key === '/') {
        event.preventDefault();
        search();
      } else if (event.key === '?') {
        showHelp();
      }
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}

function search() {
  const box = document.querySelector('input[type="search"]');
  if (box === null) {
    state.wantsSearch = true;
    go('#/jobs');
  } else {
    box.focus();
    box.select();
  }
}
