// Starts the page. Imports go components → store → api, live; router, format, status, zipf, log and snippets are pure.

import { render } from 'preact';
import { html } from 'htm/preact';
import { App } from './components/app.js';
import { start } from './store.js';

start();
render(html`<${App} />`, document.getElementById('app'));
