import { html } from 'htm/preact';
import { Dialog } from './dialog.js';

const KEYS = [
  ['g n', 'New job'],
  ['g j', 'Jobs'],
  ['g d', 'Datasets'],
  ['g a', 'About'],
  ['/', 'Search'],
  ['j k', 'Next and previous job in the list'],
  ['x', 'Select the job; with Shift also those up to it'],
  ['Enter', 'Open the job'],
  ['Ctrl Enter', 'Run the job in the form (⌘ Enter on a Mac)'],
  ['?', 'This list'],
  ['Esc', 'Close'],
];

/** The list of keyboard shortcuts. */
export function KeyboardHelp({ onClose }) {
  return html`
    <${Dialog} title="Keyboard shortcuts" onClose=${onClose}>
      <dl class="keys">
        ${KEYS.map(
          ([keys, what]) => html`
            <dt>${keys.split(' ').map((key) => html`<kbd>${key}</kbd> `)}</dt>
            <dd>${what}</dd>`,
        )}
      </dl>
      <div class="dialog-buttons">
        <button type="button" class="button" autofocus onClick=${onClose}>Close</button>
      </div>
    <//>`;
}
