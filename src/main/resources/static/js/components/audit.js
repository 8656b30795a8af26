import { html } from 'htm/preact';
import { api, urls } from '../api/api.js';
import { useLoad, useStore } from '../hooks.js';
import { time, zone } from '../lib/format.js';
import { href, jobHref, runSetHref } from '../lib/router.js';
import { replaceRoute } from '../state/navigation.js';
import { state } from '../state/store.js';
import { ErrorNote, Skeleton, UserText } from './common.js';
import { SearchBox } from './search-box.js';
import { TableLinks } from './table-links.js';

const PAGE_SIZE = 100;
const ACTIONS = [
  'submit', 'edit', 'rerun', 'cancel', 'delete', 'run_set_submit', 'run_set_rerun', 'run_set_cancel', 'run_set_edit', 'run_set_delete',
  'upload', 'delete_dataset', 'rename_dataset', 'preset_create', 'preset_change', 'preset_delete', 'token_create', 'token_revoke', 'token_open', 'login', 'logout', 'refused',
];

/** The audit log, newest first. */
export default function Audit() {
  const { actor = '', action = '', target = '', before = '' } = useStore((s) => s.route.query);
  const { data, error, loading, reload } = useLoad(
    (signal) => api.audit({ actor, action, target, before, limit: PAGE_SIZE }, signal),
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
          ${ACTIONS.map((name) => html`<option key=${name} value=${name}>${actionLabel(name)}</option>`)}
        </select>
      </div>
      ${error && html`<${ErrorNote} error=${error} retry=${reload} />`}
      ${data === null && loading && html`<${Skeleton} lines=${9} />`}
      ${data !== null && data.entries.length === 0 && html`<div class="empty"><h2>${before === '' ? 'Nothing matches' : 'Nothing older'}</h2></div>`}
      ${data !== null && (data.more || before !== '') && html`<p class="note print-only">This is a part of the audit log.</p>`}
      ${data !== null && data.entries.length > 0 && html`<${Entries} entries=${data.entries} />
        <${TableLinks} href=${urls.list('audit', { actor, action, target, before, limit: PAGE_SIZE })} all=${urls.list('audit', { actor, action, target })} />`}
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

/** A changed filter starts with the newest entries. */
function narrow(changes) {
  replaceRoute(listHref({ before: '', ...changes }));
}

function actionLabel(action) {
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

/** Entries without an address come from the server itself, such as a token created on the command line. */
function who(entry) {
  return entry.address === null ? 'server' : 'unknown';
}

function Entry({ entry }) {
  const params = Object.keys(entry.params).length === 0 ? '' : JSON.stringify(entry.params);
  const result = [entry.status || '', entry.code ?? ''].filter((part) => part !== '').join(' ');
  return html`
    <tr>
      <td data-label="When">${time(entry.time)}</td>
      <td data-label="Who">${entry.actor === null ? html`<span class="muted">${who(entry)}</span>` : html`<${UserText} text=${entry.actor} />`}</td>
      <td data-label="From" class="mono">${entry.address ?? '–'}</td>
      <td data-label="Action">${actionLabel(entry.action)}</td>
      <td data-label="Target"><${Target} entry=${entry} /></td>
      <td data-label="Outcome">${result || '–'}</td>
      <td data-label="Parameters"><${UserText} text=${params || '–'} class="mono" /></td>
    </tr>`;
}

/** Jobs and run sets that the action left are links. */
function Target({ entry: { action, target } }) {
  if (target === null) {
    return '–';
  }
  const text = html`<${UserText} text=${target} class="mono" />`;
  const to = TARGET_VIEWS[action];
  return to ? html`<a href=${to(target)}>${text}</a>` : text;
}

const TARGET_VIEWS = {
  submit: jobHref,
  edit: jobHref,
  rerun: jobHref,
  cancel: jobHref,
  run_set_submit: runSetHref,
  run_set_rerun: runSetHref,
  run_set_cancel: runSetHref,
  run_set_edit: runSetHref,
};
