import { html } from 'htm/preact';
import { labelFilter, toggled } from '../lib/job-filters.js';
import { valuesOf } from '../lib/router.js';
import { oneLine } from '../lib/text.js';
import { listHref, narrow } from '../state/list-route.js';
import { state } from '../state/store.js';
import { UserText } from './common.js';

/** A job's labels as chips that lead to the jobs with the same label; in the list they add to its filters. */
export function Labels({ labels, max = Infinity }) {
  const all = Object.entries(labels ?? {});
  if (all.length === 0) {
    return null;
  }
  const shown = all.length <= max ? all : all.slice(0, max - 1);
  return html`
    <ul class="labels" aria-label="Labels">
      ${shown.map(([key, value]) => html`<li key=${key}><${Label} name=${key} value=${value} /></li>`)}
      ${shown.length < all.length && html`<li class="help">and ${all.length - shown.length} more</li>`}
    </ul>`;
}

function Label({ name, value }) {
  const filter = labelFilter(name, value);
  const add = (event) => {
    if (state.route.view === 'jobs' && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      const { label } = state.route.query;
      narrow({ label: valuesOf(label).includes(filter) ? label : toggled(label, filter) });
    }
  };
  return html`
    <a class="label-chip" href=${listHref({}, { label: [filter] })} onClick=${add} title=${oneLine(`Jobs with the label ${filter}`)}>
      <span>${name}</span>${value !== '' && html`<${UserText} text=${value} />`}
    </a>`;
}
