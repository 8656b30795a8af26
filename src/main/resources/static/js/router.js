// Hash routes: from text to a route and back. Pure.

export const TABS = ['results', 'log', 'stages', 'parameters'];

/** No list has as many; more could not be asked for. */
const MOST_PAGES = 1_000_000_000;

const PLAIN_VIEWS = ['new', 'jobs', 'compare', 'datasets', 'audit', 'about'];

/**
 * @param {string} hash location.hash, with or without '#'
 * @returns {{view: string, id: string|null, tab: string|null, query: Object<string, string>}} view 'lost' where there
 *     is no such page
 */
export function parse(hash) {
  const text = hash.replace(/^#/, '');
  const mark = text.indexOf('?');
  const path = mark < 0 ? text : text.slice(0, mark);
  const query = Object.fromEntries(new URLSearchParams(mark < 0 ? '' : text.slice(mark + 1)));
  const segments = path.split('/').filter((segment) => segment !== '').map(decoded);
  const [first = 'new', id, tab = 'results'] = segments;
  if (first === 'jobs' && id !== undefined && segments.length <= 3 && TABS.includes(tab)) {
    return { view: 'job', id, tab, query };
  }
  if (PLAIN_VIEWS.includes(first) && segments.length <= 1) {
    return { view: first, id: null, tab: null, query };
  }
  return { view: 'lost', id: null, tab: null, query };
}

function decoded(segment) {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** Which page of a list an address names, from 1. */
export function pageOf({ page }) {
  return Math.min(MOST_PAGES, Math.max(1, Number.parseInt(page ?? '1', 10) || 1));
}

/** The link to a view; empty, null and undefined values of the query are left out. */
export function href(view, query = {}) {
  return `#/${view}${search(query)}`;
}

/** The link to a job. */
export function jobHref(id, tab = 'results', query = {}) {
  return `#/jobs/${encodeURIComponent(id)}/${tab}${search(query)}`;
}

/** '?a=1&b=2', or '' where nothing is left; an array gives its name once for each value. */
export function search(query) {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== null && one !== undefined && one !== '') {
        parameters.append(name, one);
      }
    }
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}
