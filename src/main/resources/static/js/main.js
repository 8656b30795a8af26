// Starts the page. Imports go components → store → api, live. Beside the store, draft, job-list, job-log and uploads
// each hold what one view knows; copy listens to what is copied. The rest is pure: router, format, text, fit, wording, status,
// request, snippets, log, zipf, compare.

import { render } from 'preact';
import { html } from 'htm/preact';
import { App } from './components/app.js';
import { start } from './store.js';

start();
render(html`<${App} />`, document.getElementById('app'));
