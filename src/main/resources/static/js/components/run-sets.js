import { html } from 'htm/preact';
import { useEffect } from 'preact/hooks';
import { urls } from '../api/api.js';
import { useLoad, useStore } from '../hooks.js';
import { count, plural } from '../lib/format.js';
import { STATUSES } from '../lib/job-status.js';
import { href, runSetHref } from '../lib/router.js';
import { useLiveReload } from '../more-hooks.js';
import { loadJobTypes } from '../state/job-types.js';
import { replaceRoute } from '../state/navigation.js';
import { concernsRunSets, loadRunSets } from '../state/run-sets.js';
import { canSubmit } from '../state/session.js';
import { state } from '../state/store.js';
import { ErrorNote, RelativeTime, Skeleton, UserText } from './common.js';
import { StatusBadge } from './job-status.js';
import { ShortenedName } from './long-text.js';
import { SearchBox } from './search-box.js';
import { TableLinks } from './table-links.js';

const PAGE_SIZE = 50;
const REFRESH_MS = 2_000;

/** The list of run sets. */
export default function RunSets() {
  const { q = '', before = '' } = useStore((s) => s.route.query);
  const maySubmit = useStore(canSubmit);
  const { data, error, loading, reload } = useLoad((signal) => loadRunSets({ q, before, limit: PAGE_SIZE }, signal), [q, before]);
  useLiveReload(reload, concernsRunSets, REFRESH_MS);
  useEffect(() => {
    loadJobTypes();
  }, []);
  return html`
    <div class="view-head">
      <h1 tabindex="-1">Run sets</h1>
      <div class="row">
        <a class="button" href=${href('jobs')}>Jobs</a>
        ${maySubmit && html`<a class="button primary" href=${href('new')}>New job</a>`}
      </div>
    </div>
    <div class="stack">
      <div class="filters no-print">
        <${SearchBox} label="Search run sets" placeholder="Search name" q=${q} onSearch=${(wanted) => replaceRoute(listHref({ q: wanted, before: '' }))} />
      </div>
      ${error && html`<${ErrorNote} error=${error} retry=${reload} />`}
      ${data === null && loading && html`<${Skeleton} lines=${9} />`}
      ${data !== null && data.run_sets.length === 0 && html`<${Empty} isFiltered=${q !== '' || before !== ''} />`}
      ${data !== null && data.run_sets.length > 0 && html`<${Sets} sets=${data.run_sets} /><${TableLinks} href=${urls.list('run-sets', { q, before, limit: PAGE_SIZE })} all=${urls.list('run-sets', { q })} />`}
      ${data !== null &&
      html`
        <nav class="row" aria-label="Pages">
          ${before !== '' && html`<a class="button" href=${listHref({ before: '' })}>Newest</a>`}
          ${data.next !== null && html`<a class="button" href=${listHref({ before: beforeOf(data.next) })}>Older</a>`}
        </nav>`}
    </div>`;
}

function listHref(changes) {
  return href('run-sets', { ...state.route.query, ...changes });
}

/** Where the next page begins. */
function beforeOf(next) {
  return new URLSearchParams(next.slice(next.indexOf('?'))).get('before');
}

function Empty({ isFiltered }) {
  return isFiltered
    ? html`<div class="empty"><h2>No run set matches</h2><a class="button" href=${href('run-sets')}>All run sets</a></div>`
    : html`
        <div class="empty">
          <h2>No run sets yet</h2>
          <p>A run set is many jobs at once: one for each of several datasets, or of several values of a parameter. In New job, press “Choose several” or “Try several values”.</p>
          <a class="button" href=${href('new')}>New job</a>
        </div>`;
}

function Sets({ sets }) {
  const jobTypes = useStore((s) => s.jobTypes);
  const title = (name) => jobTypes?.find(({ type }) => type === name)?.title ?? name;
  return html`
    <div class="table-wrap">
      <table class="cards">
        <caption class="visually-hidden">Run sets, newest first</caption>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Type</th>
            <th scope="col" class="number">Jobs</th>
            <th scope="col">Status</th>
            <th scope="col">Submitted by</th>
            <th scope="col">Submitted</th>
          </tr>
        </thead>
        <tbody>
          ${sets.map(
            (set) => html`
              <tr key=${set.run_set_id}>
                <th scope="row"><a class="job-link" href=${runSetHref(set.run_set_id)} aria-label=${set.name}><${ShortenedName} text=${set.name} /></a></th>
                <td data-label="Type">${title(set.type)}</td>
                <td data-label="Jobs" class="number">${count(set.jobs)}</td>
                <td data-label="Status"><${StatusCounts} set=${set} /></td>
                <td data-label="Submitted by"><${UserText} text=${set.submitted_by} /></td>
                <td data-label="Submitted"><${RelativeTime} iso=${set.submitted_at} /></td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}

/** How many jobs of a set have each status. */
export function StatusCounts({ set: { counts, gone } }) {
  return html`
    <span class="status-counts">
      ${STATUSES.filter((status) => counts[status] > 0).map(
        (status) => html`<span key=${status} class="row"><strong>${count(counts[status])}</strong><${StatusBadge} status=${status} /></span>`,
      )}
      ${gone > 0 && html`<span class="muted">${plural(gone, 'job is gone', 'jobs are gone')}</span>`}
    </span>`;
}
