import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { count } from '../lib/format.js';
import { MAX_FILTERS } from '../lib/result-view.js';
import { STANDARD, STOP_WORDS, isTooLong, stopValue, wordsIn } from '../lib/stop-words.js';
import { isStandard, lengthOf, stopWordsOf, withCondition } from '../lib/words.js';
import { loadText, saveText } from '../state/store.js';

/** The list that this reader has edited. */
const KEY = 'tinderbox.stop-words';

/**
 * Which words of a result are shown: by length, without stop words, with upper and lower case as one.
 *
 * @param {{column: string, canFold: boolean, isPartial: boolean, view: Object, onChange: (changes: Object) => void}} props column has the words; isPartial: the
 *     job has left words out
 */
export function WordTools({ column, canFold, isPartial, view, onChange }) {
  const { filters, isFolded } = view;
  const isFull = filters.length >= MAX_FILTERS;
  const setCondition = (condition, value) => onChange({ filters: withCondition(filters, column, condition, value) });
  const length = (label, condition) => {
    const value = lengthOf(filters, column, condition);
    const change = (event) => setCondition(condition, event.currentTarget.checkValidity() ? event.currentTarget.value : value);
    return html`
      <label class="row">
        ${label}
        <input class="input length" type="number" min="1" max="999999" value=${value} disabled=${isFull && value === ''} onChange=${change} />
      </label>`;
  };
  const stopWords = stopWordsOf(filters, column);
  const setStopWords = (value) => setCondition('notin', value);
  return html`
    <div class="word-tools no-print" role="group" aria-label="Which words">
      ${length('Shortest', 'minlength')} ${length('Longest', 'maxlength')}
      <label class="row">
        <input type="checkbox" checked=${stopWords !== null} disabled=${isFull && stopWords === null} onChange=${() => setStopWords(stopWords === null ? (loadText(KEY) ?? STANDARD) : '')} />
        Leave out stop words
      </label>
      ${canFold && html`<label class="row"><input type="checkbox" checked=${isFolded} onChange=${() => onChange({ isFolded: !isFolded })} />Upper and lower case are one</label>`}
      ${stopWords !== null && html`<${StopWords} key=${stopWords.join()} words=${stopWords} isStandard=${isStandard(filters, column)} onChange=${setStopWords} />`}
      ${isFolded && html`<p class="help">The counts of words that differ only in case are added up.${isPartial && ' Those that the job left out are missing in the sums.'}</p>`}
    </div>`;
}

function StopWords({ words, isStandard, onChange }) {
  const [text, setText] = useState(words.join(' '));
  const [problem, setProblem] = useState(null);
  const apply = (event) => {
    event.preventDefault();
    const edited = wordsIn(text);
    if (isTooLong(edited)) {
      setProblem('The list is too long for an address: leave some words out.');
      return;
    }
    const value = stopValue(edited);
    saveText(KEY, value === STANDARD ? null : value);
    onChange(value);
  };
  const reset = () => {
    saveText(KEY, null);
    setText(STOP_WORDS.join(' '));
    onChange(STANDARD);
  };
  return html`
    <details class="stop-words">
      <summary>${isStandard ? `${count(words.length)} English stop words` : `Your ${count(words.length)} stop words`}</summary>
      <form class="stack" onSubmit=${apply}>
        <label class="field">
          <span class="label">Words to leave out, in upper or lower case</span>
          <textarea class="input" rows="6" spellcheck=${false} value=${text} aria-invalid=${problem === null ? undefined : 'true'} aria-describedby="stop-words-help" onInput=${(e) => setText(e.currentTarget.value)} />
        </label>
        <p class="help" id="stop-words-help">Articles, pronouns, prepositions, conjunctions and auxiliary verbs of English, a list of our own. Your changes stay in this browser and in the address.</p>
        ${problem !== null && html`<p class="field-error" role="alert">${problem}</p>`}
        <div class="row">
          <button type="submit" class="button">Apply</button>
          ${!isStandard && html`<button type="button" class="button plain" onClick=${reset}>Back to the English list</button>`}
        </div>
      </form>
    </details>`;
}
