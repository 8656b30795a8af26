// The filters and the order of the list of jobs, as they are in the address. Pure.

import { dateOf, pad } from './format.js';
import { valuesOf } from './router.js';

/** The filters that lead to jobs of one origin, with their titles. */
export const ORIGINS = { run_set: 'Run set', preset: 'Preset', rerun_of: 'Reruns of' };

/** The orders in which jobs can be listed, by the value of sort. */
export const ORDERS = {
  '': 'newest first',
  submitted_at: 'oldest first',
  '-finished_at': 'last ended first',
  name: 'by name',
  '-name': 'by name, Z first',
  '-duration_ms': 'longest first',
  duration_ms: 'shortest first',
  status: 'by status',
  '-status': 'by status, ended first',
  type: 'by type',
  '-type': 'by type, Z first',
  submitted_by: 'by submitter',
  '-submitted_by': 'by submitter, Z first',
};

/** Columns of which one wants the largest values first. */
const LARGEST_FIRST = ['submitted_at', 'duration_ms', 'finished_at'];

/** The API's query for a route's query; now and user are what "today" and "mine" mean. */
export function apiQuery(query, user, now = new Date()) {
  const { type, by, mine, q, sort } = query;
  const [since, until] = timesOf(query, now);
  return {
    status: valuesOf(query.status),
    type,
    submitted_by: mine ? user : by,
    label: valuesOf(query.label),
    q,
    since,
    until,
    ...Object.fromEntries(Object.keys(ORIGINS).map((name) => [name, query[name]])),
    sort,
  };
}

/** Whether a query leaves out any jobs. */
export function isFiltered(query) {
  return Object.entries(query).some(([name, value]) => value !== '' && name !== 'sort' && name !== 'page');
}

/**
 * The filters and the order that a phone folds away, each with the changes that remove it.
 *
 * @param {Record<string, string>} query
 * @param {{type: string, title: string}[]} types
 * @returns {[string, Record<string, null>][]}
 */
export function foldedFilters({ type, by, mine, time, from, to, sort }, types) {
  const choices = [
    [type, types.find((known) => known.type === type)?.title ?? type, { type: null }],
    [mine, 'mine', { mine: null }],
    [!mine && by, `by ${by}`, { by: null }],
    [time, Object.hasOwn(TIMES, time ?? '') && TIMES[time].toLowerCase(), { time: null }],
    [from, `from ${from}`, { from: null }],
    [to, `to ${to}`, { to: null }],
    [sort, Object.hasOwn(ORDERS, sort ?? '') && ORDERS[sort], { sort: null }],
  ];
  return choices.filter(([value, text]) => value && text).map(([, text, changes]) => [text, changes]);
}

/** A value is taken into a list of values, or out of it if it is there. */
export function toggled(text, value) {
  const values = valuesOf(text);
  return values.includes(value) ? values.filter((other) => other !== value) : [...values, value];
}

/** @returns {[string|undefined, string|undefined]} the first moment, and the first one after the end; days are local */
function timesOf({ time, from, to }, now) {
  const day = (offset) => new Date(now.getFullYear(), now.getMonth(), now.getDate() - offset).toISOString();
  if (Object.hasOwn(DAYS, time ?? '')) {
    const [first, end] = DAYS[time];
    return [day(first), end === undefined ? undefined : day(end)];
  }
  return [startOf(from, 0), startOf(to, 1)];
}

/** How many days ago the first day was, and the one after the last. */
const DAYS = { today: [0], yesterday: [1, 0], week: [6], month: [29] };

/** The times to choose from. */
export const TIMES = { today: 'Today', yesterday: 'Yesterday', week: 'Last 7 days', month: 'Last 30 days' };

function startOf(date, daysLater) {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(date ?? '') ?? [];
  return dateOf(year && new Date(Number(year), month - 1, Number(day) + daysLater))?.toISOString();
}

/** '2026-11-30', as date fields have it. */
export function dateField(date) {
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
}

/** 'ascending', 'descending' or null: how the list is sorted by a column. */
export function directionOf(column, sort = '-submitted_at') {
  if (sort === column) {
    return 'ascending';
  }
  return sort === `-${column}` ? 'descending' : null;
}

/** The order after a click on a column; null is that of the API. */
export function nextSort(column, sort) {
  const direction = directionOf(column, sort || undefined);
  const descending = direction === null ? LARGEST_FIRST.includes(column) : direction === 'ascending';
  const next = descending ? `-${column}` : column;
  return next === '-submitted_at' ? null : next;
}

/** 'run: 42' for the filter 'run:42'. */
export function labelText(label) {
  const [, key, value] = /^([^:]*):?(.*)$/s.exec(label);
  return value ? `${key}: ${value}` : key;
}

/** The filter for a label of a job. */
export function labelFilter(key, value) {
  return value === '' ? key : `${key}:${value}`;
}
