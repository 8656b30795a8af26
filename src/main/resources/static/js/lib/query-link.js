// Links that open a query in the form of a new job. Pure.

import { href } from './router.js';

/** The parameter of a job type that is a query in SQL; undefined if it has none. */
export function queryParam(type) {
  return type?.params.find((spec) => spec.syntax === 'sql');
}

/** The link to the form with a query filled in; null if the server has no job type for queries. */
export function queryHref(sql, jobTypes) {
  const type = jobTypes?.find(queryParam);
  return type === undefined ? null : href('new', { type: type.type, [queryParam(type).name]: sql });
}
