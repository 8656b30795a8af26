// Hash routes: parsing and links. Pure.

export const TABS = ['results', 'log', 'stages', 'plan', 'parameters'];

/** The API accepts no larger offset. */
const MAX_PAGE = 1_000_000_000;

const PLAIN_VIEWS = ['new', 'jobs', 'run-sets', 'compare', 'datasets', 'audit', 'tokens', 'about'];

/**
 * @param {string} hash location.hash, with or without '#'
 * @returns {{view: string, id: string|null, tab: string|null, query: Object<string, string>}} view is
 *     'not-found' if there is no such view
 */
export function parse(hash) {
  const text = hash.replace(/^#/, '');
  const mark = text.indexOf('?');
  const path = mark < 0 ? text : text.slice(0, mark);
  const query = queryOf(new URLSearchParams(mark < 0 ? '' : text.slice(mark + 1)));
  const segments = path.split('/').filter((segment) => segment !== '').map(decode);
  const [first = 'new', id, tab = 'results'] = segments;
  if (first === 'jobs' && id !== undefined && segments.length <= 3 && TABS.includes(tab)) {
    return { view: 'job', id, tab, query };
  }
  if (first === 'run-sets' && segments.length === 2) {
    return { view: 'run-set', id, tab: null, query };
  }
  if (PLAIN_VIEWS.includes(first) && segments.length <= 1) {
    return { view: first, id: null, tab: null, query };
  }
  return { view: 'not-found', id: null, tab: null, query };
}

/** Only these may be repeated; a query has their values in one text, see valuesOf. */
const LISTS = ['status', 'label'];

function queryOf(parameters) {
  const query = {};
  for (const [name, value] of parameters) {
    query[name] = LISTS.includes(name) && name in query ? `${query[name]}\n${value}` : value;
  }
  return query;
}

/** The values of a parameter that may be repeated. */
export function valuesOf(text) {
  return [...new Set((text ?? '').split('\n'))].filter((value) => value !== '');
}

function decode(segment) {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** The page of a list in a route's query, from 1. */
export function pageOf({ page }) {
  return Math.min(MAX_PAGE, Math.max(1, Number.parseInt(page ?? '1', 10) || 1));
}

/** The link to a view; empty, null and undefined values of the query are left out. */
export function href(view, query = {}) {
  return `#/${view}${search(query)}`;
}

/** The link to a job. */
export function jobHref(id, tab = 'results', query = {}) {
  return `#/jobs/${encodeURIComponent(id)}/${tab}${search(query)}`;
}

function itemsOf(name, value) {
  if (Array.isArray(value)) {
    return value;
  }
  return LISTS.includes(name) ? valuesOf(value) : [value];
}

/** The link to a run set. */
export function runSetHref(id, query = {}) {
  return href(`run-sets/${encodeURIComponent(id)}`, query);
}

/** '?a=1&b=2', or '' if no value is left; an array repeats its name for each value. */
export function search(query) {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const item of itemsOf(name, value)) {
      if (item !== null && item !== undefined && item !== '') {
        parameters.append(name, item);
      }
    }
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}
