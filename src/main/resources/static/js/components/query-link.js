import { html } from 'htm/preact';
import { useStore } from '../hooks.js';
import { queryHref } from '../lib/query-link.js';
import { forgetLink } from '../state/draft-sources.js';

/** Opens a query in the form of a new job; nothing if the server has no job type for queries. */
export function QueryLink({ sql, label, class: extra = '' }) {
  const href = useStore((s) => queryHref(sql, s.jobTypes));
  return href && html`<a class=${`button no-print ${extra}`} href=${href} aria-label=${label} onClick=${forgetLink}>Use in a query</a>`;
}
