// What a reader has chosen to see of a result: a search, an order and filters, as they are in the address and in requests.
// Pure.

import { isNumeric } from './cell.js';
import { columnName, quotedName, quotedText, tableQuery } from './sql.js';
import { listItems, listValue } from './stop-words.js';

/** The API accepts no more. */
const MAX_SORTS = 3;
export const MAX_FILTERS = 10;

/** The conditions of a filter: how they are shown, and whether they need a value. */
export const CONDITIONS = {
  eq: { sign: '=', sql: '=', title: 'is', hasValue: true },
  ne: { sign: '≠', sql: '<>', title: 'is not', hasValue: true },
  lt: { sign: '<', sql: '<', title: 'is less than', hasValue: true },
  le: { sign: '≤', sql: '<=', title: 'is at most', hasValue: true },
  gt: { sign: '>', sql: '>', title: 'is greater than', hasValue: true },
  ge: { sign: '≥', sql: '>=', title: 'is at least', hasValue: true },
  contains: { sign: 'contains', title: 'contains', hasValue: true },
  in: { sign: 'is one of', title: 'is one of', hasValue: true, isList: true },
  notin: { sign: 'is none of', title: 'is none of', hasValue: true, isList: true },
  minlength: { sign: 'length ≥', sql: '>=', title: 'has at least so many characters', hasValue: true, isLength: true },
  maxlength: { sign: 'length ≤', sql: '<=', title: 'has at most so many characters', hasValue: true, isLength: true },
  null: { sign: 'is null', title: 'is null', hasValue: false },
  notnull: { sign: 'is not null', title: 'is not null', hasValue: false },
};

const ORDERED = ['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'contains', 'null', 'notnull'];
const CONDITIONS_BY_TYPE = {
  string: ['contains', 'eq', 'ne', 'in', 'notin', 'minlength', 'maxlength', 'lt', 'le', 'gt', 'ge', 'null', 'notnull'],
  boolean: ['eq', 'ne', 'null', 'notnull'],
  binary: ['eq', 'ne', 'null', 'notnull'],
  json: ['contains', 'null', 'notnull'],
};

/** The conditions that a column can have; the first is offered first. */
export function conditionsOf({ type }) {
  return CONDITIONS_BY_TYPE[type] ?? ORDERED;
}

/** Whether the value of a filter may not fit its column, which the server tells. */
export function isChecked({ column, condition }, columns) {
  if (CONDITIONS[condition].isLength) {
    return true;
  }
  const type = columns.find(({ name }) => name === column)?.type;
  return CONDITIONS[condition].hasValue && condition !== 'contains' && !['string', 'boolean', 'json'].includes(type);
}

/**
 * The view of a result in a route's query.
 *
 * @returns {{q: string, sorts: Array<{column: string, descending: boolean}>,
 *     filters: Array<{column: string, condition: string, value: string}>, isFolded: boolean}} isFolded: rows that differ in
 *     upper and lower case are one
 */
export function viewOf({ q = '', sort = '', filter = '', fold = '' }) {
  return { q, sorts: parts(sort).map(parseSort), filters: parts(filter).map(parseFilter), isFolded: fold === 'case' };
}

function parts(text) {
  return text.split(',').filter((part) => part !== '');
}

function parseSort(text) {
  const descending = text.startsWith('-');
  return { column: decoded(descending ? text.slice(1) : text), descending };
}

function parseFilter(text) {
  const [column, condition = '', ...value] = text.split(':');
  return { column: decoded(column), condition, value: decoded(value.join(':')) };
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A name in the order of a result: a comma would end it, and a minus at its start turn it round. */
function encoded(name) {
  return encodeURIComponent(name).replace(/^-/, '%2D');
}

function sortText({ column, descending }) {
  return `${descending ? '-' : ''}${encoded(column)}`;
}

function filterText({ column, condition, value }) {
  const start = `${encoded(column)}:${condition}`;
  return CONDITIONS[condition]?.hasValue === false ? start : `${start}:${encodeURIComponent(value)}`;
}

/** The view as a route's query has it. */
export function routeOf({ q, sorts, filters, isFolded }) {
  return { q, sort: sorts.map(sortText).join(','), filter: filters.map(filterText).join(','), fold: foldText(isFolded) };
}

function foldText(isFolded) {
  return isFolded ? 'case' : '';
}

/** The view as the API takes it. */
export function requestOf({ q, sorts, filters, isFolded }) {
  return { q, sort: sorts.map(sortText).join(','), filter: filters.map(apiFilter), fold: foldText(isFolded) };
}

/** The API takes a list as it is. */
function apiFilter(filter) {
  return CONDITIONS[filter.condition]?.isList
    ? `${encoded(filter.column)}:${filter.condition}:${listValue(listItems(filter.value))}`
    : filterText(filter);
}

/** Whether a view leaves rows out. */
export function isFiltered({ q, filters }) {
  return q !== '' || filters.length > 0;
}

/** Whether a view is the result as it is. */
export function isWhole(view) {
  return !isFiltered(view) && !view.isFolded && view.sorts.length === 0;
}

/**
 * The order after a click on a column's heading: ascending, descending, then as it was. With isMore, the order by other
 * columns stays, and this one is the last.
 */
export function sortedBy(sorts, column, isMore) {
  const at = sorts.findIndex((sort) => sort.column === column);
  const before = sorts[at];
  const next = before === undefined ? [{ column, descending: false }] : before.descending ? [] : [{ column, descending: true }];
  if (!isMore) {
    return next;
  }
  return at < 0 ? [...sorts.slice(0, MAX_SORTS - 1), ...next] : sorts.toSpliced(at, 1, ...next);
}

const TYPED = { date: 'DATE', timestamp: 'TIMESTAMP', timestamp_ntz: 'TIMESTAMP_NTZ' };

function literal(value, column) {
  if (column?.type === 'binary') {
    return `unbase64(${quotedText(value)})`;
  }
  if (column === undefined || !(isNumeric(column) || column.type in TYPED || column.type === 'boolean')) {
    return quotedText(value);
  }
  if (column.type in TYPED) {
    return `${TYPED[column.type]} ${quotedText(value)}`;
  }
  return /^(?:[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|true|false)$/i.test(value) ? value : `double(${quotedText(value)})`;
}

function conditionSql({ column: name, condition, value }, columns) {
  const column = columnName(name);
  if (!CONDITIONS[condition].hasValue) {
    return `${column} IS ${condition === 'null' ? 'NULL' : 'NOT NULL'}`;
  }
  if (condition === 'contains') {
    return containsSql(column, value);
  }
  const { isList, isLength, sql } = CONDITIONS[condition];
  if (isList) {
    const items = listItems(value).map((item) => quotedText(item.toLowerCase()));
    return `lower(${column}) ${condition === 'in' ? 'IN' : 'NOT IN'} (${items.join(', ')})`;
  }
  if (isLength) {
    return `length(${column}) ${sql} ${/^\d+$/.test(value) ? value : quotedText(value)}`;
  }
  return `${column} ${CONDITIONS[condition].sql} ${literal(value, columns.find((known) => known.name === name))}`;
}

function containsSql(column, text) {
  return `contains(lower(string(${column})), lower(${quotedText(text)}))`;
}

/** Whether any of the searched columns contains a text. */
function searchSql(searched, text) {
  const conditions = searched.map((names) => {
    const [first, ...others] = names.map(columnName);
    return containsSql(others.length === 0 ? first : `concat_ws('', ${[first, ...others].join(', ')})`, text);
  });
  return conditions.length === 1 ? conditions[0] : `(${conditions.join('\n    OR ')})`;
}

function foldedSql(table, columns) {
  const [text, number] = columns.map(({ name }) => columnName(name));
  return `(SELECT lower(${text}) AS ${text}, sum(${number}) AS ${number} FROM ${table} GROUP BY 1)`;
}

/**
 * A query for a view of a job's result; a part of the rows if the view is the whole result.
 *
 * @param {string[][]} searched see searchedColumns
 */
export function resultQuery(jobId, { q, sorts, filters, isFolded }, columns, searched) {
  const known = filters.filter(({ condition }) => Object.hasOwn(CONDITIONS, condition));
  const conditions = known.map((filter) => conditionSql(filter, columns));
  if (q !== '' && columns.length > 0) {
    conditions.unshift(searchSql(searched, q));
  }
  const order = sorts.map(({ column, descending }) => `${columnName(column)} ${descending ? 'DESC' : 'ASC'} NULLS LAST`);
  const table = `results/${jobId}`;
  if (conditions.length === 0 && order.length === 0 && !isFolded) {
    return tableQuery(table);
  }
  if (isFolded && order.length === 0) {
    order.push('2 DESC', '1');
  }
  return [
    `SELECT * FROM ${isFolded ? foldedSql(quotedName(table), columns) : quotedName(table)}`,
    conditions.length > 0 && `WHERE ${conditions.join('\n  AND ')}`,
    order.length > 0 && `ORDER BY ${order.join(', ')}`,
  ]
    .filter(Boolean)
    .join('\n');
}
