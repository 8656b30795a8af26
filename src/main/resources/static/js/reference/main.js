import { html } from 'htm/preact';
import { render } from 'preact';
import { load } from '../../vendor/js-yaml.js';
import { ApiReference } from './api-reference.js';
import { Description } from './description.js';

const main = document.getElementById('main');

async function show() {
  const response = await fetch('api/v1/openapi.yaml');
  if (!response.ok) {
    throw new Error(`the server responded ${response.status}`);
  }
  render(html`<${ApiReference} api=${new Description(load(await response.text()))} />`, main);
  // The browser has looked for the place in the address before it was there.
  document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
}

show().catch((error) => {
  render(html`<h1>The HTTP API</h1><p role="alert">It could not be loaded: ${error.message}. Reload the page.</p>`, main);
});
