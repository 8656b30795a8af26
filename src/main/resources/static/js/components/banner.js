import { html } from 'htm/preact';
import { retryNow, useStore } from '../store.js';
import { asOf, useNow } from './common.js';

/** Says when what is shown may be old, and when it is no longer. */
export function Banner() {
  const connection = useStore((s) => s.connection);
  const offline = connection.status === 'offline';
  const now = useNow(offline ? 500 : null);
  if (offline) {
    const seconds = Math.ceil((connection.retryAt - now) / 1000);
    const next = seconds > 0 ? `Retrying in ${seconds} s.` : 'Retrying…';
    return html`
      <div class="banner">
        <span>Offline – showing data ${asOf(connection.heardAt)}. ${next}</span>
        <button type="button" class="button" onClick=${retryNow}>Retry now</button>
      </div>`;
  }
  return connection.isBack ? html`<div class="banner back">Reconnected</div>` : null;
}
