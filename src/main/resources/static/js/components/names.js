// Names, words and numbers where there is little room for them.

import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { cut, groups, headAndTail } from '../fit.js';
import { count } from '../format.js';
import { directionOf, oneLine } from '../text.js';
import { Foreign, unturned } from './common.js';

const MOST_OF_NAME = 60;
const TAIL_OF_NAME = 12;

/** A name in little room; of a long one the end is always seen. */
export function ShortName({ text }) {
  const parts = headAndTail(text, MOST_OF_NAME, TAIL_OF_NAME);
  if (parts === null) {
    return html`<${Foreign} text=${text} />`;
  }
  const [head, tail] = parts;
  return html`
    <bdi class="ends" dir=${directionOf(text)} title=${oneLine(text)}><bdi class="foreign head">${unturned(head)}</bdi><bdi class="foreign tail">${unturned(tail)}</bdi></bdi>`;
}

const MOST_OF_WORD = 200;

/** A word or another text of a row; a very long one is cut in sight, and whole if asked for. */
export function Word({ text }) {
  const [open, setOpen] = useState(false);
  const shown = open ? text : cut(text, MOST_OF_WORD);
  if (shown === text) {
    return html`<${Foreign} text=${text} />`;
  }
  return html`
    <${Foreign} text=${shown} />${' '}
    <button type="button" class="link-button" onClick=${() => setOpen(true)}>all ${count(text.length)} characters</button>`;
}

/** A number as text; where it has no room, it breaks between two groups of digits. */
export function Digits({ text }) {
  const [first, ...others] = groups(text);
  return html`${first}${others.map((group) => html`<wbr />${group}`)}`;
}
