// The html tag of all components. The import map calls it 'htm/preact', like htm's own.

import { h } from 'preact';
import htm from 'htm';

/**
 * htm's tag for Preact without its cache. The cache returns the same vnode each time for what is static in a template,
 * and a kept vnode keeps the whole tree in which it was first drawn in memory.
 */
export const html = htm.bind(function (...args) {
  // Tells htm not to cache this call.
  this[0] = 3;
  return h(...args);
});
