import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { sendSample } from '../draft.js';
import { isOnline, useStore } from '../store.js';
import { Foreign } from './common.js';

/** One click to a result, however often it is clicked. */
export function SampleButton() {
  const online = useStore(isOnline);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(null);
  const run = async () => {
    setBusy(true);
    setError(null);
    try {
      await sendSample();
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  return html`
    <div class="stack">
      <button type="button" class="button primary" disabled=${busy || !online} onClick=${run}>
        Run the sample word count
      </button>
      ${error && html`<p class="field-error" role="alert"><${Foreign} text=${error.message} /></p>`}
    </div>`;
}
