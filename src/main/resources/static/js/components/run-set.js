import { html } from 'htm/preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { useLoad, useStore } from '../hooks.js';
import { count, plural } from '../lib/format.js';
import { displayOf } from '../lib/result-display.js';
import { GONE, columnsOf, countsOf, sorted, updated } from '../lib/run-set.js';
import { href, runSetHref } from '../lib/router.js';
import { useAction, useFocusFallback, useLiveReload } from '../more-hooks.js';
import { isOnline } from '../state/connection.js';
import { newJobLike } from '../state/draft-sources.js';
import { loadJobTypes } from '../state/job-types.js';
import { replaceRoute } from '../state/navigation.js';
import { cancelRunSet, concernsRunSets, deleteRunSet, editRunSet, loadEditableRunSet, loadRunSet, rerunRunSet, runSetUrls } from '../state/run-sets.js';
import { canModify, canSubmit } from '../state/session.js';
import { state } from '../state/store.js';
import { ErrorNote, Icon, RelativeTime, Skeleton, UserText } from './common.js';
import { ConfirmDialog } from './dialog.js';
import { EditDialog } from './edit-dialog.js';
import { Labels } from './labels.js';
import { RunSetFigures } from './run-set-charts.js';
import { RunSetTable } from './run-set-table.js';
import { StatusCounts } from './run-sets.js';
import { TableLinks } from './table-links.js';

const REFRESH_MS = 1_000;
const UNFINISHED = ['PENDING', 'RUNNING', 'CANCELLING'];

const unfinished = ({ counts }) => UNFINISHED.reduce((sum, status) => sum + (counts[status] ?? 0), 0);

/** One run set: what it is, the overview of its jobs, their charts and files. */
export default function RunSet() {
  const { id, query } = useStore((s) => s.route);
  const { q, status } = query;
  const { data, error, reload } = useLoad((signal) => loadRunSet(id, { q, status }, signal), [id, q, status]);
  useLiveReload(reload, concernsRunSets, REFRESH_MS);
  useEffect(() => {
    loadJobTypes();
  }, []);
  // Drawn again when the status of a job changes; the rows follow a moment later.
  useStore((s) => data?.rows.map((row) => s.jobs.get(row.job_id)?.status));
  if (error?.status === 404) {
    return html`
      <header class="job-header stack">
        <h1 tabindex="-1">Run set not found, or already deleted</h1>
        <div><a class="button" href=${href('run-sets')}>All run sets</a></div>
      </header>`;
  }
  const failure = error && html`<${ErrorNote} error=${error} retry=${reload} />`;
  if (data === null) {
    return html`
      <header class="job-header stack"><h1 tabindex="-1">Run set</h1></header>
      ${failure ?? html`<${Skeleton} />`}`;
  }
  const current = data.rows.map((row) => updated(row, state.jobs.get(row.job_id)));
  const { [GONE]: gone = 0, ...counts } = countsOf(current);
  return html`
    <${Head} set=${{ ...data.set, counts, gone }} onChange=${reload} />
    ${failure}
    <${Jobs} set=${data.set} rows=${data.rows} current=${current} matching=${data.matching} />`;
}

function Head({ set, onChange }) {
  const type = useStore((s) => s.jobTypes?.find((known) => known.type === set.type)?.title ?? set.type);
  const left = unfinished(set);
  const done = set.jobs - left;
  return html`
    <header class="job-header stack">
      <div class="row apart job-title">
        <h1 tabindex="-1"><${UserText} text=${set.name} /></h1>
        <${Actions} set=${set} onChange=${onChange} />
      </div>
      <div class="job-facts" aria-label="Facts" role="group">
        <strong>${plural(set.jobs, 'job')}</strong>
        <${StatusCounts} set=${set} />
        <span class="muted">${type}</span>
        <span class="muted">by <${UserText} text=${set.submitted_by} />, <${RelativeTime} iso=${set.submitted_at} /></span>
      </div>
      <${Labels} labels=${set.labels} />
      ${left > 0 &&
      html`
        <div class="header-progress">
          <progress aria-label="Progress of the run set" max=${set.jobs} value=${done}></progress>
          <div class="help">${count(done)} of ${plural(set.jobs, 'job')} done</div>
        </div>`}
      ${set.note && html`<section class="note" aria-label="Note"><p class="note-text"><${UserText} text=${set.note} /></p></section>`}
      ${set.edited_by && html`<p class="help">edited by <${UserText} text=${set.edited_by} />, <${RelativeTime} iso=${set.edited_at} /></p>`}
    </header>`;
}

/** The buttons of a run set. */
function Actions({ set, onChange }) {
  const online = useStore(isOnline);
  const mayChange = useStore((s) => canModify(s, set.submitted_by));
  const maySubmit = useStore(canSubmit);
  const { act, busy, note } = useAction();
  const [dialog, setDialog] = useState(null);
  const id = set.run_set_id;
  const isRunning = unfinished(set) > 0;
  const disabled = !online || !mayChange;
  const from = `run-sets/${id}`;
  const actOnSet = (action) =>
    act(async () => {
      await action(id);
      onChange();
    });
  const change = (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      newJobLike(from);
    }
  };
  const close = () => setDialog(null);
  useFocusFallback('.job-actions', isRunning);
  return html`
    <div class="job-actions no-print">
      <div class="row">
        ${isRunning && html`<button key="cancel" type="button" class="button" disabled=${disabled} aria-disabled=${busy} onClick=${actOnSet(cancelRunSet)}>Cancel all</button>`}
        <button key="rerun" type="button" class="button" disabled=${disabled} aria-disabled=${busy} onClick=${actOnSet(rerunRunSet)}>Run again</button>
        ${maySubmit && html`<a class="button" href=${href('new', { from })} onClick=${change}>Change and run</a>`}
        <button key="edit" type="button" class="button" disabled=${disabled} onClick=${() => setDialog('edit')}>Edit</button>
        ${!isRunning && html`<button key="delete" type="button" class="button danger" disabled=${disabled} onClick=${() => setDialog('delete')}>Delete</button>`}
      </div>
      ${note && html`<p class="help" role="alert">${note}</p>`}
      ${dialog === 'edit' &&
      html`
        <${EditDialog}
          what="run set"
          help=${{ name: 'Empty: it is called after its type', labels: 'One in each line: a key, or key: value. Its jobs get them, too.' }}
          load=${(signal) => loadEditableRunSet(id, signal)}
          save=${(etag, patch) => editRunSet(id, etag, patch).finally(onChange)}
          onClose=${close}
        />`}
      ${dialog === 'delete' &&
      html`
        <${ConfirmDialog} title="Delete this run set?" action=${`Delete ${plural(set.jobs - set.gone, 'job')}`} onConfirm=${() => deleteRunSet(id)} onClose=${close}>
          <p><${UserText} text=${set.name} />: all of its jobs will be deleted for good, with their logs and results.</p>
        <//>`}
    </div>`;
}

/** Changes what is shown, also in the address. */
function change(changes) {
  const { id, query } = state.route;
  replaceRoute(runSetHref(id, { ...query, ...changes }));
}

/** The overview, the charts and the files of the jobs: rows as they were loaded, and as they are now; those to show. */
function Jobs({ set, rows, current, matching }) {
  const query = useStore((s) => s.route.query);
  const jobTypes = useStore((s) => s.jobTypes);
  const display = displayOf(set, jobTypes);
  const columns = useMemo(
    () => columnsOf(set, rows, jobTypes?.find(({ type }) => type === set.type)?.params ?? [], display.tiles),
    [set, rows, jobTypes],
  );
  const matches = matching === null ? current : current.filter((row) => matching.has(row.job_id));
  const shown = sorted(matches, query.sort ?? '', columns);
  return html`
    <div class="stack">
      <${RunSetTable} rows=${current} shown=${shown} columns=${columns} query=${query} onChange=${change} />
      <${TableLinks} href=${runSetUrls.overview(set.run_set_id, { sort: query.sort, q: query.q, status: query.status })} />
      <${Downloads} set=${set} />
      <${RunSetFigures} display=${display} rows=${shown} columns=${columns} query=${query} onChange=${change} />
    </div>`;
}

function Downloads({ set }) {
  const id = set.run_set_id;
  const link = (url, label) => html`<a class="button" href=${url} download><${Icon} name="download" />${label}</a>`;
  return html`
    <div class="stack no-print">
      <div class="row">
        ${link(runSetUrls.result(id, { format: 'csv' }), 'Combined result (CSV)')}
        ${link(runSetUrls.result(id, { format: 'ndjson' }), 'NDJSON')}
        ${link(runSetUrls.result(id, { format: 'csv', safe: 1, bom: 1 }), 'CSV for spreadsheets')}
      </div>
      <p class="help">The combined result has the rows of all results, with columns that say which job and which parameters they belong to.${set.gone > 0 ? ' It also says which jobs are gone.' : ''}</p>
    </div>`;
}
