// The address of the list of jobs, which has its filters and its order.

import { href } from '../lib/router.js';
import { replaceRoute } from './navigation.js';
import { state } from './store.js';

/** The link to the list with a query and some changes to it; the first page, unless one is among the changes. */
export function listHref(query, changes) {
  return href('jobs', { ...query, page: null, ...changes });
}

/** Changes some filters. The others come from the route, which may be newer than what is drawn. */
export function narrow(changes) {
  replaceRoute(listHref(state.route.query, changes));
}
