import { html } from 'htm/preact';
import { withoutApiTerms } from '../api/messages.js';
import { plural } from '../lib/format.js';
import { Icon, UserText } from './common.js';

export function WarningIcon() {
  return html`<${Icon} path="M12 4L2.5 20h19zM12 10v4M12 17v.5" />`;
}

/** A job's warnings: sentences from the server. */
export function Warnings({ warnings }) {
  return html`
    <section class="note warn" aria-label="Warnings">
      <h2><${WarningIcon} /> ${plural(warnings.length, 'warning')}</h2>
      <ul>
        ${warnings.map((warning) => html`<li key=${warning}><${UserText} text=${withoutApiTerms(warning)} /></li>`)}
      </ul>
    </section>`;
}
