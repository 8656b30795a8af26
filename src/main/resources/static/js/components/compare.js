import { html } from 'htm/preact';
import { useEffect, useState } from 'preact/hooks';
import { useLoad, useStore } from '../hooks.js';
import { NO_VALUE, duration, time } from '../lib/format.js';
import { sameValue } from '../lib/job-request.js';
import { workTime } from '../lib/job-progress.js';
import { isComplete } from '../lib/job-status.js';
import { displayOf, tilesOf } from '../lib/result-display.js';
import { href, jobHref } from '../lib/router.js';
import { useServerNow } from '../more-hooks.js';
import { loadJobTypes } from '../state/job-types.js';
import { loadJob } from '../state/jobs.js';
import { onLiveEvent } from '../state/store.js';
import { ErrorNote, Skeleton, UserText } from './common.js';
import { CompareResults } from './compare-results.js';
import { StatusBadge } from './job-status.js';
import { BreakableNumber } from './long-text.js';
import { ParamValue } from './param-value.js';

const NO_PARAMS = [];

/** Two jobs side by side. */
export default function Compare() {
  const query = useStore((s) => s.route.query);
  const { a, b } = query;
  if (!a || !b) {
    return html`
      <div class="view-head"><h1 tabindex="-1">Compare</h1></div>
      <div class="empty">
        <h2>Choose two jobs</h2>
        <p>Tick two jobs in the list, then press “Compare”.</p>
        <a class="button" href=${href('jobs')}>All jobs</a>
      </div>`;
  }
  return html`
    <div class="view-head">
      <h1 tabindex="-1">Compare</h1>
      <a class="button no-print" href=${href('compare', { ...query, a: b, b: a })}>Swap A and B</a>
    </div>
    <${Both} key=${`${a}/${b}`} a=${a} b=${b} />`;
}

function Both({ a, b }) {
  const { error, loading, reload } = useLoad((signal) => Promise.all([loadJob(a, signal), loadJob(b, signal)]), [a, b]);
  const jobA = useStore((s) => s.jobs.get(a));
  const jobB = useStore((s) => s.jobs.get(b));
  const isIncomplete = [jobA, jobB].some((job) => job !== undefined && !isComplete(job));
  useEffect(() => {
    if (isIncomplete && !loading && error === null) {
      reload();
    }
  }, [isIncomplete, loading]);
  useEffect(() => {
    loadJobTypes();
  }, []);
  // A snapshot after a break may not include these jobs.
  useEffect(() => onLiveEvent((type) => type === 'snapshot' && reload()), []);
  if (jobA === undefined || jobB === undefined) {
    return error === null && loading ? html`<${Skeleton} />` : html`<${MissingJob} error=${error} retry=${reload} />`;
  }
  const failure = error && html`<${ErrorNote} error=${error} retry=${reload} />`;
  return html`
    <div class="stack">
      ${failure}
      <${Facts} a=${jobA} b=${jobB} />
      <${Parameters} a=${jobA} b=${jobB} />
      <${CompareResults} a=${jobA} b=${jobB} />
    </div>`;
}

/** Why one of the jobs is not there. */
function MissingJob({ error, retry }) {
  if (error !== null && error.status !== 404) {
    return html`<${ErrorNote} error=${error} retry=${retry} />`;
  }
  return html`
    <div class="empty">
      <h2>One of these jobs was not found, or is deleted</h2>
      <a class="button" href=${href('jobs')}>All jobs</a>
    </div>`;
}

/** A table with one fact in each row, side by side for A and B; rows that differ are marked. */
function Pairs({ caption, a, b, rows }) {
  return html`
    <div class="table-wrap">
      <table class="pairs">
        <caption class="visually-hidden">${caption}</caption>
        <thead>
          <tr>
            <td></td>
            <th scope="col"><${JobLink} job=${a} letter="A" /></th>
            <th scope="col"><${JobLink} job=${b} letter="B" /></th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ({ name, label, left, right, differs }) => html`
              <tr key=${name} class=${differs ? 'differs' : ''}>
                <th scope="row">${label ?? name}${differs && html`<span class="visually-hidden"> (differs)</span>`}</th>
                <td>${left}</td>
                <td>${right}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}

function JobLink({ job, letter }) {
  return html`${letter}: <a href=${jobHref(job.job_id)}><${UserText} text=${job.name} /></a>`;
}

function Facts({ a, b }) {
  const now = useServerNow(null);
  const jobTypes = useStore((s) => s.jobTypes);
  const [tilesA, tilesB] = [a, b].map((job) => new Map(tilesOf(job, displayOf(job, jobTypes)).map(({ title, text }) => [title, text])));
  const fact = (name, of) => ({ name, left: of(a), right: of(b) });
  const tile = (title) => ({ name: title, left: breakable(tilesA.get(title)), right: breakable(tilesB.get(title)) });
  return html`
    <section class="stack" aria-label="Jobs">
      <h2>Jobs</h2>
      <${Pairs}
        caption="Jobs"
        a=${a}
        b=${b}
        rows=${[
          fact('Status', (job) => html`<${StatusBadge} status=${job.status} />`),
          fact('Submitted', (job) => time(job.submitted_at)),
          fact('Duration', (job) => duration(workTime(job, now))),
          ...[...new Set([...tilesA.keys(), ...tilesB.keys()])].map(tile),
        ]}
      />
    </section>`;
}

function breakable(text = NO_VALUE) {
  return html`<${BreakableNumber} text=${text} />`;
}

function Parameters({ a, b }) {
  const [onlyDifferences, setOnly] = useState(true);
  const specs = useStore((s) => s.jobTypes?.find((type) => type.type === a.type)?.params ?? NO_PARAMS);
  const label = (name) => {
    const title = specs.find((spec) => spec.name === name)?.title;
    return html`${title} <code class="muted">${name}</code>`;
  };
  const names = [...new Set([...Object.keys(a.params), ...Object.keys(b.params)])];
  const rows = [{ name: 'Job type', left: a.type, right: b.type }]
    .concat(names.map((name) => ({ name, label: label(name), left: a.params[name], right: b.params[name] })))
    .map((row) => ({ ...row, differs: !sameValue(row.left, row.right) }));
  const shown = onlyDifferences ? rows.filter((row) => row.differs) : rows;
  return html`
    <section class="stack" aria-label="Parameters">
      <div class="row apart">
        <h2>Parameters</h2>
        <label class="row"><input type="checkbox" checked=${onlyDifferences} onChange=${() => setOnly(!onlyDifferences)} />Only differences</label>
      </div>
      ${shown.length === 0
        ? html`<p class="muted">All parameters are the same.</p>`
        : html`<${Pairs} caption="Parameters" a=${a} b=${b} rows=${shown.map(withValues)} />`}
    </section>`;
}

function withValues(row) {
  return { ...row, left: html`<${ParamValue} value=${row.left} label=${`${row.name} of A`} />`, right: html`<${ParamValue} value=${row.right} label=${`${row.name} of B`} />` };
}
