import { html } from 'htm/preact';
import { useEffect } from 'preact/hooks';
import { api, urls } from '../api/api.js';
import { useLoad, useStore } from '../hooks.js';
import { bytes, count, duration, plural, rate, whole } from '../lib/format.js';
import { hasEnded, workTime } from '../lib/job-status.js';
import { jobHref, pageOf } from '../lib/router.js';
import { replaceRoute } from '../state/navigation.js';
import { announce } from '../state/store.js';
import { BarChart } from './bar-chart.js';
import { ErrorNote, Icon, Skeleton } from './common.js';
import { BreakableNumber, ExpandableText } from './long-text.js';
import { RankFrequencyPlot } from './rank-frequency-plot.js';
import { SearchBox } from './search-box.js';

const PAGE_SIZE = 100;
const CHART_ROWS = 50;

/** A job's result: its summary, charts, rows and downloads. */
export function Results({ job }) {
  if (!hasEnded(job)) {
    return html`
      <div class="empty">
        <h2>No result yet</h2>
        <p>It appears here as soon as the job ends.</p>
      </div>`;
  }
  if (job.status !== 'SUCCEEDED') {
    return html`
      <div class="empty">
        <h2>No result</h2>
        <p>The job ${job.status === 'FAILED' ? 'failed' : 'was cancelled'}; only a job that succeeds has a result.</p>
      </div>`;
  }
  return html`<${Published} job=${job} />`;
}

function Published({ job }) {
  const id = job.job_id;
  const { data, error, reload } = useLoad((signal) => api.result(id, { limit: CHART_ROWS }, signal), [id]);
  if (error) {
    return error.status === 410
      ? html`<div class="empty"><h2>The result is no longer kept</h2><p>${error.message}</p></div>`
      : html`<${ErrorNote} error=${error} retry=${reload} />`;
  }
  if (data === null || job.summary === undefined) {
    return html`<${Skeleton} lines=${9} />`;
  }
  const { columns, rows, total } = data;
  const areCounts = columns.length === 2 && columns[0].type === 'string' && columns[1].type === 'integer';
  return html`
    <div class="stack">
      <${Summary} job=${job} />
      ${total === 0
        ? html`<${EmptyResult} job=${job} />`
        : html`
            <div class=${areCounts ? 'result-grid' : 'stack'}>
              ${areCounts &&
              html`
                <div class="stack">
                  <${BarChart} rows=${rows} names=${columns[0].name} unit=${columns[1].name} />
                  ${job.summary?.rank_frequency?.length > 1 &&
                  html`<${RankFrequencyPlot} points=${job.summary.rank_frequency} />`}
                </div>`}
              <${Rows} job=${job} total=${total} />
            </div>`}
    </div>`;
}

/** The numbers of the summary; those of a word count with titles of their own. */
function Summary({ job }) {
  const summary = job.summary ?? {};
  const known = {
    words: ['Words', count],
    distinct_words: ['Distinct words', count],
    bytes_read: ['Read', bytes],
    files: ['Files', count],
  };
  const tiles = Object.entries(summary)
    .filter(([, value]) => whole(value) !== null)
    .map(([name, value]) => {
      const [label, format] = known[name] ?? [name.replaceAll('_', ' '), count];
      return [label, format(value)];
    });
  const ms = workTime(job);
  tiles.push(['Time', duration(ms)]);
  if (summary.words !== undefined) {
    tiles.push(['Words per second', rate(summary.words, ms)]);
  }
  return html`
    <dl class="tiles" aria-label="Summary">
      ${tiles.map(([label, value]) => html`<div key=${label} class="tile"><dt>${label}</dt><dd>${value}</dd></div>`)}
    </dl>`;
}

function EmptyResult({ job }) {
  const { summary, params } = job;
  const reason =
    summary?.words === undefined
      ? 'The job succeeded and found nothing.'
      : whole(summary.words) === 0n
        ? 'The input has no words.'
        : `The input has ${plural(summary.distinct_words, 'distinct word')}, but none that is long and frequent ` +
          `enough (at least ${plural(params.min_length, 'character')}, at least ${plural(params.min_count, 'time')}).`;
  return html`
    <div class="empty">
      <h2>The result has 0 rows</h2>
      <p>${reason}</p>
    </div>`;
}

function Rows({ job, total }) {
  const id = job.job_id;
  const query = useStore((s) => s.route.query);
  const page = pageOf(query);
  const offset = (page - 1) * PAGE_SIZE;
  const q = query.q ?? '';
  const { data, error, loading, reload } = useLoad(
    (signal) => api.result(id, { offset, limit: PAGE_SIZE, q }, signal),
    [id, offset, q],
  );
  useEffect(() => {
    if (data !== null && q !== '' && !loading) {
      announce(`${plural(data.total, 'row')} found`);
    }
  }, [data, q, loading]);
  return html`
    <section class="stack" aria-label="Rows">
      <div class="row apart">
        <${SearchBox}
          label="Search results"
          placeholder="Search results"
          q=${q}
          onSearch=${(wanted) => replaceRoute(rowsHref(id, wanted, 1))}
        />
        <${Range} id=${id} q=${q} page=${page} data=${data} />
      </div>
      ${error && html`<${ErrorNote} error=${error} retry=${reload} />`}
      ${data === null && loading && html`<${Skeleton} lines=${9} />`}
      ${data !== null && data.rows.length === 0 && html`<${EmptyPage} id=${id} q=${q} page=${page} total=${Number(data.total)} />`}
      ${data !== null && data.rows.length > 0 && html`<${RowTable} data=${data} q=${q} loading=${loading} />`}
      <${Downloads} id=${id} total=${total} />
    </section>`;
}

function EmptyPage({ id, q, page, total }) {
  if (total === 0) {
    return html`<p class="note">No row matches.</p>`;
  }
  const pages = Math.ceil(total / PAGE_SIZE);
  return html`
    <p class="note">
      There is no page ${count(page)}; ${q === '' ? 'the result has' : 'what matches has'} ${plural(pages, 'page')}.${' '}
      <a href=${rowsHref(id, q, pages)}>Last page</a>
    </p>`;
}

function rowsHref(id, q, page) {
  return jobHref(id, 'results', { q, page: page > 1 ? page : null });
}

function Range({ id, q, page, data }) {
  if (data === null) {
    return null;
  }
  const to = data.offset + data.rows.length;
  const text = data.rows.length === 0 ? `0 of ${count(data.total)}` : `${count(data.offset + 1)}–${count(to)} of ${count(data.total)}`;
  const step = (target, label, icon, possible) =>
    possible
      ? html`<a class="button" href=${rowsHref(id, q, target)} aria-label=${label}><${Icon} name=${icon} /></a>`
      : html`<button type="button" class="button" disabled aria-label=${label}><${Icon} name=${icon} /></button>`;
  return html`
    <nav class="row" aria-label="Pages of the result">
      <span class="muted">${text}</span>
      ${step(page - 1, 'Previous page', 'left', page > 1)} ${step(page + 1, 'Next page', 'right', to < Number(data.total))}
    </nav>`;
}

function RowTable({ data, q, loading }) {
  const isNumber = data.columns.map((column) => column.type !== 'string' && column.type !== 'boolean');
  return html`
    <div class="table-wrap scroll" tabindex="0" role="region" aria-label="Result table" aria-busy=${loading}>
      <table class=${data.columns.length <= 3 ? 'result-table few' : 'result-table'}>
        <caption class="visually-hidden">Result${q && `, rows with ${q}`}</caption>
        <thead>
          <tr>
            <th scope="col" class="number rank">Rank</th>
            ${data.columns.map(
              (column, n) => html`<th key=${n} scope="col" class=${isNumber[n] ? 'number' : ''}>${column.name}</th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${data.rows.map(
            (row, r) => html`
              <tr key=${data.offset + r}>
                <td class="number rank muted">${count(data.row_numbers?.[r] ?? data.offset + r + 1)}</td>
                ${row.map((value, n) =>
                  isNumber[n]
                    ? html`<td key=${n} class="number">${whole(value) === null ? String(value) : html`<${BreakableNumber} text=${count(value)} />`}</td>`
                    : html`<td key=${n}><${ExpandableText} text=${value === null ? '' : String(value)} /></td>`,
                )}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}

function Downloads({ id, total }) {
  const { data: size } = useLoad((signal) => api.resultSize(id, { format: 'csv' }, signal), [id]);
  const link = (query, label) => html`
    <a class="button" href=${urls.result(id, query)} download><${Icon} name="download" />${label}</a>`;
  const rows = whole(total) === 1n ? 'the row' : `all ${count(total)} rows`;
  return html`
    <div class="stack no-print">
      <div class="row">
        ${link({ format: 'csv' }, `Download ${rows} (CSV${size === null ? '' : `, ${bytes(size)}`})`)}
        ${link({ format: 'ndjson' }, 'NDJSON')}
        ${link({ format: 'csv', safe: 1 }, 'CSV for spreadsheets')}
      </div>
      <p class="help">The file for spreadsheets keeps a cell such as =1+1 from being run as a formula.</p>
    </div>`;
}
