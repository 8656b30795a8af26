import { html } from 'htm/preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { announce } from '../state/store.js';
import { ErrorNote } from './common.js';

/** A modal dialog, open while it is drawn. */
export function Dialog({ title, onClose, children }) {
  const dialog = useRef(null);
  useLayoutEffect(() => {
    const element = dialog.current;
    element.showModal();
    // If an open dialog is removed, the focus does not return.
    return () => element.close();
  }, []);
  return html`
    <dialog ref=${dialog} aria-label=${title} onClose=${onClose}>
      <h2>${title}</h2>
      ${children}
    </dialog>`;
}

/** Asks before something that cannot be undone. onConfirm may be async; its error is shown here. */
export function ConfirmDialog({ title, action, keep = 'Keep it', isDanger = true, onConfirm, onClose, children }) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(null);
  const isOpen = useRef(true);
  useEffect(() => () => (isOpen.current = false), []);
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
      if (!isOpen.current) {
        announce(failure.message);
      }
    }
  };
  return html`
    <${Dialog} title=${title} onClose=${onClose}>
      ${children}
      ${error && html`<${ErrorNote} error=${error} />`}
      <div class="dialog-buttons">
        <button type="button" class="button" autofocus onClick=${onClose}>${keep}</button>
        <button type="button" class=${isDanger ? 'button danger primary' : 'button primary'} aria-disabled=${busy} onClick=${confirm}>${action}</button>
      </div>
    <//>`;
}
