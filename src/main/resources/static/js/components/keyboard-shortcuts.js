import { useRef } from 'preact/hooks';
import { href } from '../lib/router.js';
import { useShortcuts } from '../more-hooks.js';
import { go } from '../state/navigation.js';
import { set } from '../state/store.js';

const VIEW_KEYS = { n: 'new', j: 'jobs', d: 'datasets', a: 'about' };
const SEQUENCE_MS = 1_200;

/** Draws nothing: the keyboard shortcuts of all views. */
export default function KeyboardShortcuts({ onHelp }) {
  const pressedG = useRef(-Infinity);
  useShortcuts((event) => {
    const isAfterG = event.timeStamp - pressedG.current < SEQUENCE_MS;
    pressedG.current = -Infinity;
    if (isAfterG && VIEW_KEYS[event.key]) {
      event.preventDefault();
      go(href(VIEW_KEYS[event.key]));
    } else if (event.key === 'g') {
      pressedG.current = event.timeStamp;
    } else if (event.key === '/') {
      event.preventDefault();
      focusSearchBox();
    } else if (event.key === '?') {
      onHelp();
    }
  });
  return null;
}

function focusSearchBox() {
  const box = document.querySelector('input[type="search"]');
  if (box === null) {
    set({ focusSearch: true });
    go(href('jobs'));
  } else {
    box.focus();
    box.select();
  }
}
