import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { count, plural } from '../format.js';
import { ask } from '../store.js';
import { useLoad } from './common.js';

export const PAGE = 200;

/** Loads a page of a folder, the first one of each; also tells how to go to another. */
export function useFolder(folder, also = '') {
  const [place, goTo] = useState({ folder, offset: 0 });
  const offset = place.folder === folder ? place.offset : 0;
  const loaded = useLoad((signal) => ask.folder(folder, offset, PAGE, signal), [folder, offset, also]);
  return { ...loaded, onOffset: (next) => goTo({ folder, offset: Math.max(0, next) }) };
}

/** Where the last page begins. */
function lastOf(total) {
  return Math.floor((total - 1) / PAGE) * PAGE;
}

/** Which entries of a folder are shown, with the ways to the others; nothing if all are. */
export function FolderPages({ page: { offset, entries, total }, onOffset }) {
  const end = offset + entries.length;
  return (
    total > entries.length &&
    html`
      <div class="row apart folder-pages">
        <span class="help" role="status">
          ${entries.length === 0 ? `There are only ${plural(total, 'entry', 'entries')}` : `${count(offset + 1)} to ${count(end)} of ${count(total)}`}
        </span>
        <span class="row">
          <button type="button" class="button" disabled=${offset === 0} onClick=${() => onOffset(Math.min(offset - PAGE, lastOf(total)))}>Previous</button>
          <button type="button" class="button" disabled=${end >= total} onClick=${() => onOffset(offset + PAGE)}>Next</button>
        </span>
      </div>`
  );
}
