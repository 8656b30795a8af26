import { html } from 'htm/preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { NO_VALUE } from '../lib/format.js';
import { rangeOf } from '../lib/text-position.js';
import { UserText, isolateBidi } from './common.js';
import { ExpandableText } from './long-text.js';

/** The value of a job's parameter. label names a text for screen readers, position is a place to mark in it. */
export function ParamValue({ value, label, position }) {
  if (typeof value === 'boolean') {
    return value ? 'Yes' : 'No';
  }
  if (Array.isArray(value) && value.length > 0) {
    return html`<ul class="values">${value.map((item, n) => html`<li key=${n}><${UserText} text=${item} /></li>`)}</ul>`;
  }
  if (typeof value === 'object' && value !== null && Object.keys(value).length > 0) {
    // As JSON, so that a text differs from a number.
    const entries = Object.entries(value).map(([name, item]) => [name, JSON.stringify(item)]);
    return html`<ul class="values">${entries.map(([name, item]) => html`<li key=${name}><code>:${name}</code> = <${UserText} text=${item} /></li>`)}</ul>`;
  }
  if (typeof value === 'string' && (position || /[\r\n]/.test(value))) {
    return html`<${MarkedText} text=${value} label=${label} position=${position} />`;
  }
  return html`<${ExpandableText} text=${(typeof value === 'object' ? '' : String(value ?? '')) || NO_VALUE} />`;
}

/** A text of several lines; what is at the position is marked, and scrolled to. */
export function MarkedText({ text, label, position }) {
  const box = useRef(null);
  useLayoutEffect(() => {
    const mark = box.current.querySelector('mark');
    if (mark !== null) {
      box.current.scrollTop = mark.offsetTop - box.current.clientHeight / 2;
    }
  }, [text, position]);
  const [start, end] = position ? rangeOf(text, position) : [text.length, text.length];
  const part = (from, to) => isolateBidi(text.slice(from, to));
  return html`
    <pre class="code value" ref=${box} tabindex="0" role="group" aria-label=${label} dir="auto">${part(0, start)}${position && html`<mark class=${start === end ? 'between' : ''}>${part(start, end)}</mark>`}${part(end)}</pre>`;
}
