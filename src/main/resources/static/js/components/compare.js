import { html } from 'htm/preact';
import { useEffect, useState } from 'preact/hooks';
import { COMPARED_ROWS, comparable, difference, joined, missing } from '../compare.js';
import { bytes, count, duration, time } from '../format.js';
import { href, jobHref } from '../router.js';
import { ended, workedFor } from '../status.js';
import { ask, loadJob, loadJobTypes, onLiveEvent, useStore } from '../store.js';
import { ErrorNote, Foreign, Skeleton, useLoad } from './common.js';
import { Status, useServerNow } from './job-parts.js';
import { Digits, Word } from './names.js';

const SHOWN_AT_FIRST = 50;
const NO_PARAMS = [];

/** Two jobs side by side. */
export default function Compare() {
  const { a, b } = useStore((s) => s.route.query);
  if (!a || !b) {
    return html`
      <div class="view-head"><h1 tabindex="-1">Compare</h1></div>
      <div class="empty">
        <h2>Choose two jobs</h2>
        <p>Tick two jobs in the list, then press “Compare”.</p>
        <a class="button" href=${href('jobs')}>To the jobs</a>
      </div>`;
  }
  return html`
    <div class="view-head"><h1 tabindex="-1">Compare</h1></div>
    <${Both} key=${`${a}/${b}`} a=${a} b=${b} />`;
}

function Both({ a, b }) {
  const { error, loading, reload } = useLoad((signal) => Promise.all([loadJob(a, signal), loadJob(b, signal)]), [a, b]);
  const jobA = useStore((s) => s.jobs.get(a));
  const jobB = useStore((s) => s.jobs.get(b));
  // The stream tells a job as a list does; its summary comes with the whole.
  const lacksWhole = [jobA, jobB].some((job) => job !== undefined && ended(job) && job.summary === undefined);
  useEffect(() => {
    if (lacksWhole && !loading && error === null) {
      reload();
    }
  }, [lacksWhole, loading]);
  useEffect(() => {
    loadJobTypes();
  }, []);
  // What was missed while nobody followed; a snapshot tells only of the newest.
  useEffect(() => onLiveEvent((type) => type === 'snapshot' && reload()), []);
  if (jobA === undefined || jobB === undefined) {
    return error === null && loading ? html`<${Skeleton} />` : html`<${Lost} error=${error} retry=${reload} />`;
  }
  const failure = error && html`<${ErrorNote} error=${error} retry=${reload} />`;
  return html`
    <div class="stack">
      ${failure}
      <${Heads} a=${jobA} b=${jobB} />
      <${Parameters} a=${jobA} b=${jobB} />
      <${Results} a=${jobA} b=${jobB} />
    </div>`;
}

/** Why there are not two jobs to compare. */
function Lost({ error, retry }) {
  if (error !== null && error.status !== 404) {
    return html`<${ErrorNote} error=${error} retry=${retry} />`;
  }
  return html`
    <div class="empty">
      <h2>One of these jobs was not found, or is deleted</h2>
      <a class="button" href=${href('jobs')}>To the jobs</a>
    </div>`;
}

/** A table of one fact a row, A and B beside each other; rows that differ are marked. */
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
  return html`${letter}: <a href=${jobHref(job.job_id)}><${Foreign} text=${job.name} /></a>`;
}

function Heads({ a, b }) {
  const now = useServerNow(null);
  const fact = (name, of) => ({ name, left: of(a), right: of(b) });
  const ofSummary = (name, show) => (job) => show(job.summary?.[name]);
  return html`
    <section class="stack" aria-label="Jobs">
      <h2>Jobs</h2>
      <${Pairs}
        caption="Jobs"
        a=${a}
        b=${b}
        rows=${[
          fact('Status', (job) => html`<${Status} status=${job.status} />`),
          fact('Submitted', (job) => time(job.submitted_at)),
          fact('Duration', (job) => duration(workedFor(job, now))),
          fact('Words', ofSummary('words', counted)),
          fact('Distinct words', ofSummary('distinct_words', counted)),
          fact('Read', ofSummary('bytes_read', bytes)),
        ]}
      />
    </section>`;
}

function counted(value) {
  return html`<${Digits} text=${count(value)} />`;
}

function Parameters({ a, b }) {
  const [onlyDifferences, setOnly] = useState(true);
  const specs = useStore((s) => s.jobTypes?.find((type) => type.type === a.type)?.params ?? NO_PARAMS);
  const label = (name) => {
    const title = specs.find((spec) => spec.name === name)?.title;
    return html`${title} <code class="quiet">${name}</code>`;
  };
  const names = [...new Set([...Object.keys(a.params), ...Object.keys(b.params)])];
  const rows = [{ name: 'Job type', left: a.type, right: b.type }]
    .concat(names.map((name) => ({ name, label: label(name), left: text(a.params[name]), right: text(b.params[name]) })))
    .map((row) => ({ ...row, differs: row.left !== row.right }));
  const shown = onlyDifferences ? rows.filter((row) => row.differs) : rows;
  return html`
    <section class="stack" aria-label="Parameters">
      <div class="row apart">
        <h2>Parameters</h2>
        <label class="row"><input type="checkbox" checked=${onlyDifferences} onChange=${() => setOnly(!onlyDifferences)} />Only differences</label>
      </div>
      ${shown.length === 0
        ? html`<p class="quiet">All parameters are the same.</p>`
        : html`<${Pairs} caption="Parameters" a=${a} b=${b} rows=${shown.map(shownAsText)} />`}
    </section>`;
}

function text(value) {
  return value === undefined ? '–' : String(value);
}

function shownAsText(row) {
  return { ...row, left: html`<${Foreign} text=${row.left} />`, right: html`<${Foreign} text=${row.right} />` };
}

function Results({ a, b }) {
  const both = a.status === 'SUCCEEDED' && b.status === 'SUCCEEDED';
  const page = (job, signal) => ask.result(job.job_id, { limit: COMPARED_ROWS }, signal);
  const { data, error, loading, reload } = useLoad(
    (signal) => (both ? Promise.all([page(a, signal), page(b, signal)]) : null),
    [a.job_id, b.job_id, both],
  );
  return html`
    <section class="stack" aria-label="Results">
      <h2>Results</h2>
      ${!both && html`<p class="quiet">Results can be compared once both jobs have succeeded.</p>`}
      ${error && html`<${ErrorNote} error=${error} retry=${reload} />`}
      ${data === null && loading && html`<${Skeleton} />`}
      ${data !== null && (comparable(...data) ? html`<${Joined} a=${data[0]} b=${data[1]} ofA=${missing(data[0], a.params)} ofB=${missing(data[1], b.params)} />` : html`<p class="quiet">These results have other columns and cannot be compared row by row.</p>`)}
    </section>`;
}

function Joined({ a, b, ofA, ofB }) {
  const [most, setMost] = useState(SHOWN_AT_FIRST);
  const [rows, setRows] = useState([]);
  useEffect(() => setRows(joined(a, b)), [a, b]);
  return html`
    <div class="table-wrap">
      <table class="joined">
        <caption class="visually-hidden">Results side by side</caption>
        <thead>
          <tr>
            <th scope="col">${a.columns[0].name}</th>
            <th scope="col" class="number">A</th>
            <th scope="col" class="number">B</th>
            <th scope="col" class="number">B − A</th>
          </tr>
        </thead>
        <tbody>
          ${rows.slice(0, most).map((row) => html`<${JoinedRow} key=${row.key} row=${row} ofA=${ofA} ofB=${ofB} />`)}
        </tbody>
      </table>
    </div>
    <div class="row apart">
      <span class="help">
        ${count(Math.min(most, rows.length))} of ${count(rows.length)} rows${isPart(a) || isPart(b) ? `, out of the first ${count(COMPARED_ROWS)} of each result` : ''}${ofA.text === '–' || ofB.text === '–' ? '; “–” where a job may have left the row out, by its least length or count' : ''}
      </span>
      ${most < rows.length && html`<button type="button" class="button" onClick=${() => setMost(most + 200)}>Show more</button>`}
    </div>`;
}

function isPart(page) {
  return page.total > page.rows.length;
}

function JoinedRow({ row, ofA, ofB }) {
  const known = (value, other) => value ?? (other.exact ? 0n : null);
  const left = known(row.a, ofA);
  const right = known(row.b, ofB);
  return html`
    <tr>
      <th scope="row"><${Word} text=${row.key} /></th>
      <td class="number">${row.a === null ? ofA.text : counted(row.a)}</td>
      <td class="number">${row.b === null ? ofB.text : counted(row.b)}</td>
      <td class="number">${left === null || right === null ? '–' : html`<${Digits} text=${difference(left, right)} />`}</td>
    </tr>`;
}
