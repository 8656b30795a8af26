import { html } from 'htm/preact';
import { plural } from '../format.js';
import { forReaders } from '../wording.js';
import { Foreign, Icon } from './common.js';

/** A picture beside a word. */
export function WarningIcon() {
  return html`<${Icon} path="M12 4L2.5 20h19zM12 10v4M12 17v.5" />`;
}

/** What should be known of a job that may have succeeded all the same; plain sentences. */
export function Warnings({ warnings }) {
  return html`
    <section class="note warn" aria-label="Warnings">
      <h2><${WarningIcon} /> ${plural(warnings.length, 'warning')}</h2>
      <ul>
        ${warnings.map((warning) => html`<li key=${warning}><${Foreign} text=${forReaders(warning)} /></li>`)}
      </ul>
    </section>`;
}
