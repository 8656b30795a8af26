// Names, words and numbers that may be too long for their place.

import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { count } from '../lib/format.js';
import { directionOf, oneLine } from '../lib/text.js';
import { digitGroups, splitTail, truncate } from '../lib/truncate.js';
import { UserText, isolateBidi } from './common.js';

const MAX_NAME = 60;
const NAME_TAIL = 12;
const MAX_TEXT = 200;

/** A name that is truncated before its end if there is too little space. */
export function ShortenedName({ text }) {
  const parts = splitTail(text, MAX_NAME, NAME_TAIL);
  if (parts === null) {
    return html`<${UserText} text=${text} />`;
  }
  const [head, tail] = parts;
  return html`
    <bdi class="shortened" dir=${directionOf(text)} title=${oneLine(text)}><bdi class="user-text head">${isolateBidi(head)}</bdi><bdi class="user-text tail">${isolateBidi(tail)}</bdi></bdi>`;
}

/**
 * A text in a table. A very long one is truncated until a button is pressed; full is the text that is shown then, if it
 * is not the same.
 */
export function ExpandableText({ text, full = text, max = MAX_TEXT }) {
  const [isExpanded, setExpanded] = useState(false);
  if (isExpanded) {
    return html`<${UserText} text=${full} />`;
  }
  const shown = truncate(text, max);
  if (shown === text) {
    return html`<${UserText} text=${text} />`;
  }
  return html`
    <${UserText} text=${shown} />${' '}
    <button type="button" class="link-button" onClick=${() => setExpanded(true)}>all ${count(text.length)} characters</button>`;
}

/** A formatted number that may break between its groups of digits. */
export function BreakableNumber({ text }) {
  const [first, ...others] = digitGroups(text);
  return html`${first}${others.map((group) => html`<wbr />${group}`)}`;
}
