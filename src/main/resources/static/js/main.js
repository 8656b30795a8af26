// Starts the page. Imports go one way: components → hooks → state → api → lib.

import { render } from 'preact';
import { html } from 'htm/preact';
import { App } from './components/app.js';
import { startConnection } from './state/connection.js';
import { startNavigation } from './state/navigation.js';
import { startSession } from './state/session.js';

startNavigation();
startConnection();
startSession();
render(html`<${App} />`, document.getElementById('app'));
