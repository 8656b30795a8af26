import { html } from 'htm/preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { tokensOf } from '../lib/sql.js';
import { rangeOf } from '../lib/text-position.js';
import { memo } from './memo.js';
import { FieldNotes, controlAttributes } from './param-field.js';
import { Examples, QueryHistory } from './query-history.js';
import { QueryHelp } from './query-help.js';
import { TableBrowser } from './table-browser.js';
import { TextLength } from './text-field.js';

/** A longer query is shown without colours: colouring it would slow down typing. */
const MAX_COLOURED = 20_000;

/**
 * The editor of a query: a text area above a copy of its text that has the colours and grows with it. With it come
 * examples, the queries of before, and the names that a query may need.
 */
export function QueryField({ type, spec, value, problems, onChange }) {
  const id = `param-${spec.name}`;
  const area = useRef(null);
  const box = useRef(null);
  // A place is that in the text that was sent.
  const sent = useRef(null);
  /** The text and its caret after the name of a column was inserted. */
  const inserted = useRef(null);
  useLayoutEffect(() => {
    sent.current = problems ? value : null;
    const position = placeOf(problems);
    if (position) {
      show(position);
    }
  }, [problems]);
  const position = sent.current === value || sent.current === null ? placeOf(problems) : undefined;
  const show = (place) => {
    area.current.setSelectionRange(...rangeOf(area.current.value, place));
    area.current.focus();
    box.current.querySelector('mark')?.scrollIntoView({ block: 'nearest' });
  };
  /** Replaces the selection; in a way that Undo can take back, where the browser has one. */
  const insert = (text) => {
    area.current.focus();
    const { selectionStart: at, value: before } = area.current;
    const spaced = at > 0 && !/[\s(.,]/.test(before[at - 1]) ? ` ${text}` : text;
    insertAsIs(spaced);
  };
  const insertAsIs = (text) => {
    const { selectionStart: at } = area.current;
    if (!document.execCommand('insertText', false, text)) {
      area.current.setRangeText(text, at, area.current.selectionEnd, 'end');
      onChange(area.current.value);
    }
  };
  /** A comma separates it from the column that was inserted just before. */
  const insertColumn = (text) => {
    area.current.focus();
    const { selectionStart, selectionEnd, value: before } = area.current;
    const last = inserted.current;
    if (last !== null && last.text === before && last.at === selectionStart && selectionStart === selectionEnd) {
      insertAsIs(`, ${text}`);
    } else {
      insert(text);
    }
    inserted.current = { text: area.current.value, at: area.current.selectionStart };
  };
  const replace = (text) => {
    area.current.select();
    insert(text);
  };
  return html`
    <div class="field query">
      <div class="row apart">
        <label for=${id} class="label">${spec.title}</label>
        <span class="help no-print"><kbd>Ctrl</kbd> <kbd>Enter</kbd> runs it</span>
      </div>
      <div class="editor" ref=${box}>
        <${ColouredText} text=${value} range=${position ? rangeOf(value, position).join('-') : ''} />
        <textarea
          class="mono"
          ref=${area}
          rows="1"
          autocomplete="off"
          autocapitalize="off"
          spellcheck=${false}
          dir="ltr"
          ...${controlAttributes(id, spec, problems)}
          value=${value}
          onInput=${(e) => onChange(e.currentTarget.value)}
        ></textarea>
      </div>
      <${TextLength} value=${value} max=${spec.max_length} />
      <${FieldNotes} id=${id} spec=${spec} problems=${problems} onShow=${show} />
      ${spec.examples && html`<${Examples} examples=${spec.examples} onChoose=${replace} />`}
      <${QueryHistory} type=${type} spec=${spec} onChoose=${replace} />
      <${TableBrowser} onTable=${insert} onColumn=${insertColumn} />
      <${QueryHelp} />
    </div>`;
}

function placeOf(problems) {
  return problems?.find((problem) => problem.position)?.position;
}

/** The text under the text area. The last line break needs something after it to have a line. */
const ColouredText = memo(function ColouredText({ text, range }) {
  const tokens = text.length > MAX_COLOURED ? [] : tokensOf(text);
  const [from, to] = range === '' ? [-1, -1] : range.split('-').map(Number);
  const cuts = new Set([0, text.length, from, to]);
  tokens.forEach((token) => cuts.add(token.from).add(token.to));
  const places = [...cuts].filter((cut) => cut >= 0).sort((a, b) => a - b);
  let token = 0;
  const parts = places.map((start, n) => {
    while (token < tokens.length && tokens[token].to <= start) {
      token++;
    }
    const piece = text.slice(start, places[n + 1] ?? start);
    const kind = tokens[token]?.from <= start ? tokens[token].kind : 'plain';
    if (start >= from && start < to) {
      return html`<mark key=${n} class=${`sql-${kind}`}>${piece}</mark>`;
    }
    const between = start === from && from === to && html`<mark key="between" class="between"></mark>`;
    return [between, kind === 'plain' || kind === 'word' ? piece : html`<span key=${n} class=${`sql-${kind}`}>${piece}</span>`];
  });
  return html`<pre class="mono" aria-hidden="true" dir="ltr">${parts}${'\n'}</pre>`;
});
