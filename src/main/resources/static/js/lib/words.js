// Results whose rows are words with their counts. Pure.

import { STANDARD, listItems } from './stop-words.js';

/** What a type says of its words, if the result has their columns; else null. */
export function wordsOf({ words }, columns) {
  const has = (name, type) => columns.some((column) => column.name === name && column.type === type);
  return words && has(words.word, 'string') && has(words.count, 'integer') ? words : null;
}

/** Longer words are not looked for. */
const MAX_WORD = 200;

/**
 * The request of a job that shows a word in its lines.
 *
 * @param {boolean} isFolded whether upper and lower case are one in what is shown
 * @returns {{type: string, params: Object}|null} null if the word is too long
 */
export function linesRequest({ case_param: caseParam, concordance }, job, word, isFolded) {
  if ([...word].length > MAX_WORD) {
    return null;
  }
  const params = { [concordance.word_param]: word };
  for (const name of concordance.same_params) {
    params[name] = job.params[name];
  }
  if (isFolded && caseParam in params) {
    params[caseParam] = false;
  }
  return { type: concordance.type, params };
}

/** The number of a filter for the length of a column's texts, or '' if there is none. */
export function lengthOf(filters, column, condition) {
  return filters.find((filter) => filter.column === column && filter.condition === condition)?.value ?? '';
}

/** The filters with another value of one condition; '' removes it. */
export function withCondition(filters, column, condition, value) {
  const others = filters.filter((filter) => filter.column !== column || filter.condition !== condition);
  return value === '' ? others : [...others, { column, condition, value }];
}

/** The stop words that are left out, or null. */
export function stopWordsOf(filters, column) {
  const value = lengthOf(filters, column, 'notin');
  return value === '' ? null : listItems(value);
}

/** Whether the list of a filter is the standard one. */
export function isStandard(filters, column) {
  return lengthOf(filters, column, 'notin') === STANDARD;
}

/** Whether a result has every word that occurs. */
export function hasAllWords({ limit_params: limits }, job) {
  return limits.every((name) => Number(job.params[name]) <= 1);
}
