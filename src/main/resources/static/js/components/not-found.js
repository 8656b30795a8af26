import { html } from 'htm/preact';
import { href } from '../lib/router.js';

/** The address names no view. */
export default function NotFound() {
  return html`
    <h1 tabindex="-1">There is no such page</h1>
    <p class="muted">Look in <a href=${href('jobs')}>Jobs</a>.</p>`;
}
