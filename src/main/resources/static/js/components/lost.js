import { html } from 'htm/preact';

/** The address names no view. */
export default function Lost() {
  return html`
    <h1 tabindex="-1">There is no such page</h1>
    <p class="quiet">Perhaps <a href="#/jobs">Jobs</a> has what you look for.</p>`;
}
