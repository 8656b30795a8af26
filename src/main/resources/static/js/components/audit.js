import { html } from 'htm/preact';
import { time, zone } from '../format.js';
import { href } from '../router.js';
import { ask, replaceRoute, state, useStore } from '../store.js';
import { ErrorNote, Foreign, Skeleton, useLoad } from './common.js';
import { SearchBox } from './search-box.js';

const PAGE = 100;
const ACTIONS = [
  'submit', 'rerun', 'cancel', 'delete', 'upload', 'delete_dataset', 'token_create', 'token_revoke', 'token_open', 'login', 'logout', 'refused',
];

/** Who did what, the newest first. */
export default function Audit() {
  const { actor = '', action = '', target = '', before = '' } = useStore((s) => s.route.query);
  const { data, error, loading, reload } = useLoad(
    (signal) => ask.audit({ actor, action, target, before, limit: PAGE }, signal),
    [actor, action, target, before],
  );
  return html`
    <div class="view-head">
      <h1 tabindex="-1">Audit</h1>
      <button type="button" class="button" onClick=${reload}>Refresh</button>
    </div>
    <div class="stack">
      <div class="filters">
        <${SearchBox} label="Who" placeholder="Who: a token's name" q=${actor} onSearch=${(wanted) => narrow({ actor: wanted })} />
        <${SearchBox} label="Target" placeholder="Target: a job, a dataset, a token" q=${target} onSearch=${(wanted) => narrow({ target: wanted })} />
        <select class="select" aria-label="Action" value=${action} onChange=${(e) => narrow({ action: e.currentTarget.value })}>
          <option value="">All actions</option>
          ${ACTIONS.map((name) => html`<option key=${name} value=${name}>${word(name)}</option>`)}
        </select>
      </div>
      ${error && html`<${ErrorNote} error=${error} retry=${reload} />`}
      ${data === null && loading && html`<${Skeleton} lines=${9} />`}
      ${data !== null && data.entries.length === 0 && html`<div class="empty"><h2>${before === '' ? 'Nothing matches' : 'Nothing older'}</h2></div>`}
      ${data !== null && (data.more || before !== '') && html`<p class="note print-only">This is a part of the audit.</p>`}
      ${data !== null && data.entries.length > 0 && html`<${Entries} entries=${data.entries} />`}
      ${data !== null &&
      html`
        <nav class="row" aria-label="Pages">
          ${before !== '' && html`<a class="button" href=${listHref({ before: '' })}>Newest</a>`}
          ${data.more && html`<a class="button" href=${listHref({ before: data.before })}>Older</a>`}
        </nav>`}
    </div>`;
}

function listHref(changes) {
  return href('audit', { ...state.route.query, ...changes });
}

/** What is filtered begins with the newest again. */
function narrow(changes) {
  replaceRoute(listHref({ before: '', ...changes }));
}

function word(action) {
  return action.replaceAll('_', ' ');
}

function Entries({ entries }) {
  return html`
    <div class="table-wrap">
      <table class="cards audit-table">
        <caption class="visually-hidden">Audit, newest first</caption>
        <thead>
          <tr>
            <th scope="col">When (${zone()})</th>
            <th scope="col">Who</th>
            <th scope="col">From</th>
            <th scope="col">Action</th>
            <th scope="col">Target</th>
            <th scope="col">Outcome</th>
            <th scope="col">Parameters</th>
          </tr>
        </thead>
        <tbody>
          ${entries.map((entry) => html`<${Entry} key=${entry.seq} entry=${entry} />`)}
        </tbody>
      </table>
    </div>`;
}

/** What came from nowhere is what the server has seen by itself, such as a token that was made by a command. */
function who(entry) {
  return entry.address === null ? 'server' : 'unknown';
}

function Entry({ entry }) {
  const params = Object.keys(entry.params).length === 0 ? '' : JSON.stringify(entry.params);
  const result = [entry.status || '', entry.code ?? ''].filter((part) => part !== '').join(' ');
  return html`
    <tr>
      <td data-label="When">${time(entry.time)}</td>
      <td data-label="Who">${entry.actor === null ? html`<span class="quiet">${who(entry)}</span>` : html`<${Foreign} text=${entry.actor} />`}</td>
      <td data-label="From" class="mono">${entry.address ?? '–'}</td>
      <td data-label="Action">${word(entry.action)}</td>
      <td data-label="Target"><${Foreign} text=${entry.target ?? '–'} class="mono" /></td>
      <td data-label="Outcome">${result || '–'}</td>
      <td data-label="Parameters"><${Foreign} text=${params || '–'} class="mono" /></td>
    </tr>`;
}
