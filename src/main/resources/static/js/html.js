// The templates of all components; the import map names it 'htm/preact', whose place it takes.

import htm from 'htm';
import { Component, h, render } from 'preact';

/**
 * As htm's own for Preact, without its cache: htm keeps what is static in a template and returns the same vnode each
 * time. Preact writes into a vnode where it was first drawn, so one that is kept holds the whole tree around it, with
 * all its elements, for as long as the page is open.
 */
export const html = htm.bind(function (...args) {
  // htm's way to say that this call is not to be cached.
  this[0] = 3;
  return h(...args);
});

export { Component, h, render };
