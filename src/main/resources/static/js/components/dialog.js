// What stands above the page until it is answered.

import { html } from 'htm/preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { announce } from '../store.js';
import { ErrorNote } from './common.js';

/** A modal dialog, open as long as it is drawn. */
export function Dialog({ title, onClose, children }) {
  const dialog = useRef(null);
  useLayoutEffect(() => {
    const element = dialog.current;
    element.showModal();
    // Taken away while open, it would not give the focus back.
    return () => element.close();
  }, []);
  return html`
    <dialog ref=${dialog} aria-label=${title} onClose=${onClose}>
      <h2>${title}</h2>
      ${children}
    </dialog>`;
}

/** Asks before something that cannot be taken back. onConfirm may be async; its failure is shown here. */
export function Confirm({ title, action, onConfirm, onClose, children }) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(null);
  const open = useRef(true);
  useEffect(() => () => (open.current = false), []);
  const confirm = async () => {
    if (busy) {
      return;
    }
    setBusy(true);
    try {
      await onConfirm();
      onClose();
    } catch (failure) {
      setError(failure);
      setBusy(false);
      if (!open.current) {
        // Whoever did not wait hears of it all the same.
        announce(failure.message);
      }
    }
  };
  return html`
    <${Dialog} title=${title} onClose=${onClose}>
      ${children}
      ${error && html`<${ErrorNote} error=${error} />`}
      <div class="dialog-buttons">
        <button type="button" class="button" autofocus onClick=${onClose}>Keep it</button>
        <button type="button" class="button danger primary" aria-disabled=${busy} onClick=${confirm}>${action}</button>
      </div>
    <//>`;
}
