// Texts, also from users, such as names and words. Pure.

/** Invisible characters that change the direction of the text after them. */
const DIRECTION_MARKS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;

const FILE_EXTENSION = /\.[a-z0-9]{1,5}$/i;

/** One line without direction marks, for places without markup: the tab's title, labels, notifications. */
export function oneLine(text) {
  return text.replace(DIRECTION_MARKS, '').replace(CONTROLS, ' ');
}

/** The value for dir. Paths and file names run left to right in every script, so that their extension stays at the end. */
export function directionOf(text) {
  return text.includes('/') || FILE_EXTENSION.test(text) ? 'ltr' : 'auto';
}

/** 'Counting' for 'counting'. */
export function capitalized(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A text as a sentence: with a capital, and a full stop unless it has an end. */
export function sentence(text) {
  return /[.!?]$/.test(text) ? capitalized(text) : `${capitalized(text)}.`;
}

/** The first sentence of a text, in one line. */
export function firstSentence(text) {
  return oneLine(/^[\s\S]*?[.!?](?=\s|$)/.exec(text.trim())?.[0] ?? text.trim());
}

/** A place in a text, as the server gives it: 'line 2, column 14'. */
export function placeName({ line, column }) {
  return `line ${line}, column ${column}`;
}
