import { html } from 'htm/preact';
import { useEffect, useState } from 'preact/hooks';
import { api, urls } from '../api/api.js';
import { useLoad, useStore } from '../hooks.js';
import { bytes, count, duration, plural, whole } from '../lib/format.js';
import { workTime } from '../lib/job-progress.js';
import { hasEnded } from '../lib/job-status.js';
import { barsOf, displayOf, hiddenRows, rowsPerPage, searchedColumns, tilesOf } from '../lib/result-display.js';
import { isChecked, isFiltered, isWhole, requestOf, resultQuery, routeOf, sortedBy, viewOf } from '../lib/result-view.js';
import { jobHref, pageOf } from '../lib/router.js';
import { oneLine, sentence } from '../lib/text.js';
import { truncate } from '../lib/truncate.js';
import { hasAllWords, linesRequest, wordsOf } from '../lib/words.js';
import { replaceRoute } from '../state/navigation.js';
import { announce } from '../state/store.js';
import { BarChart } from './bar-chart.js';
import { ErrorNote, Icon, Skeleton, UserText } from './common.js';
import { QueryLink } from './query-link.js';
import { RankFrequencyPlot } from './rank-frequency-plot.js';
import { ChartButton, ResultChart } from './result-chart.js';
import { MAX_NAME, ResultFilters, filterTitle, orderText } from './result-filters.js';
import { ResultTable } from './result-table.js';
import { SearchBox } from './search-box.js';
import { WordLines } from './word-lines.js';
import { WordTools } from './word-tools.js';

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
  const jobTypes = useStore((s) => s.jobTypes);
  const typesError = useStore((s) => s.jobTypesError);
  const query = useStore((s) => s.route.query);
  const [word, setWord] = useState(null);
  const { data, error, reload } = useLoad((signal) => api.result(id, { limit: CHART_ROWS }, signal), [id]);
  if (error) {
    return error.status === 410
      ? html`<div class="empty"><h2>The result is no longer kept</h2><p>${error.message}</p></div>`
      : html`<${ErrorNote} error=${error} retry=${reload} />`;
  }
  if (data === null || job.summary === undefined || (jobTypes === null && typesError === null)) {
    return html`<${Skeleton} lines=${9} />`;
  }
  const display = displayOf(job, jobTypes);
  const view = viewOf(query);
  const words = wordsOf(display, data.columns);
  const linesType = words && jobTypes.find(({ type }) => type === words.concordance.type);
  const onWord = linesType ? (word) => setWord(word) : null;
  const charts = display.charts.map((chart) => chartOf(chart, job, data, view, onWord)).filter(Boolean);
  const request = word === null ? null : linesRequest(words, job, word, view.isFolded);
  return html`
    <div class="stack">
      <${Summary} job=${job} display=${display} />
      ${data.total === 0
        ? html`<${EmptyResult} reason=${job.summary[display.empty_reason]} />`
        : html`
            <${ResultChart} id=${id} view=${view} columns=${data.columns} />
            <div class=${charts.length > 0 ? 'result-grid' : 'stack'}>
              ${charts.length > 0 && html`<div class="stack">${charts}</div>`}
              <${Rows} job=${job} total=${data.total} columns=${data.columns} display=${display} words=${words} onWord=${onWord} />
            </div>`}
      ${request && html`<${WordLines} word=${word} request=${request} title=${linesType.title} onClose=${() => setWord(null)} />`}
    </div>`;
}

function Summary({ job, display }) {
  const tiles = [...tilesOf(job, display), { title: 'Time', text: duration(workTime(job)) }];
  return html`
    <dl class="tiles" aria-label="Summary">
      ${tiles.map(({ title, text }, n) => html`<div key=${n} class="tile"><dt>${title}</dt><dd>${text}</dd></div>`)}
    </dl>`;
}

/** A chart of the first rows that are shown, or of points in the summary; false if there is nothing to draw. */
function chartOf(chart, job, page, view, onWord) {
  if (chart.kind === 'rank_frequency') {
    const points = job.summary[chart.summary];
    const note = isFiltered(view) || view.isFolded ? 'The curve has the whole result, as it was counted.' : null;
    return points?.length > 1 && html`<${RankFrequencyPlot} points=${points} note=${note} onWord=${onWord} />`;
  }
  return barsOf(chart, page).length > 0 && html`<${Bars} chart=${chart} job=${job} page=${page} view=${view} />`;
}

/** The bars of the first rows, without those that filters leave out. */
function Bars({ chart, job, page, view }) {
  const selection = { ...view, sorts: [] };
  const isAll = isWhole(selection);
  const { q, filter, fold } = routeOf(selection);
  const { data } = useLoad(
    (signal) => (isAll ? null : api.result(job.job_id, { limit: CHART_ROWS, ...requestOf(selection) }, signal)),
    [job.job_id, q, filter, fold],
  );
  const bars = barsOf(chart, isAll ? page : (data ?? { ...page, rows: [] }));
  const title = `${chart.value} by ${chart.label}${isFiltered(view) ? ', of the rows that match' : ''}`;
  return bars.length > 0 && html`<${BarChart} bars=${bars} title=${title} />`;
}

function EmptyResult({ reason }) {
  return html`
    <div class="empty">
      <h2>The result has 0 rows</h2>
      <p><${UserText} text=${reason ?? 'The job succeeded and found nothing.'} /></p>
    </div>`;
}

function Rows({ job, total, columns, display, words, onWord }) {
  const id = job.job_id;
  const query = useStore((s) => s.route.query);
  const view = viewOf(query);
  const pageSize = rowsPerPage(columns);
  const page = pageOf(query);
  const offset = (page - 1) * pageSize;
  const { data, error, loading, reload } = useLoad(
    (signal) => api.result(id, { offset, limit: pageSize, ...requestOf(view) }, signal),
    [id, offset, query.q, query.sort, query.filter, query.fold],
  );
  const isSameRows = !isFiltered(view) && !view.isFolded;
  const hidden = data === null ? 0 : hiddenRows(data);
  useEffect(() => {
    if (data !== null && isFiltered(view) && !loading) {
      announce(`${plural(data.total, 'row')} found`);
    }
  }, [data, query.q, query.filter, query.fold, loading]);
  const link = (changes) => jobHref(id, 'results', { ...query, ...changes });
  const pageHref = (target) => link({ page: target > 1 ? target : null });
  const change = (changes) => replaceRoute(link({ ...routeOf({ ...view, ...changes }), page: null }));
  const [edited, setEdited] = useState(null);
  const sort = (column, isMore) => {
    const sorts = sortedBy(view.sorts, column, isMore);
    change({ sorts });
    announce(orderText(sorts));
  };
  const searched = searchedColumns(columns, display);
  const sql = resultQuery(id, view, columns, searched);
  const searchLabel = `Search ${searchedText(searched)}`;
  return html`
    <section class="stack" aria-label="Rows">
      <div class="row apart">
        <${SearchBox} label=${searchLabel} placeholder=${searchLabel} q=${view.q} onSearch=${(q) => change({ q })} />
        <${Range} page=${page} data=${data} pageHref=${pageHref} />
      </div>
      ${words && html`<${WordTools} column=${words.word} canFold=${job.params[words.case_param] === true} isPartial=${!hasAllWords(words, job)} view=${view} onChange=${change} />`}
      ${columns.length > 0 && html`<${ResultFilters} columns=${columns} filters=${view.filters} sorts=${view.sorts} edited=${edited} onEdit=${setEdited} onCheck=${(filter) => filterProblem(id, filter, columns)} onChange=${change}>
        <${ChartButton} id=${id} columns=${columns} />
        <${QueryLink} sql=${sql} class="filter" />
      <//>`}
      ${error && html`<${RowsError} error=${error} retry=${reload} sql=${sql} />`}
      ${data === null && loading && html`<${Skeleton} lines=${9} />`}
      ${data !== null && data.rows.length === 0 && html`<${EmptyPage} view=${view} searched=${searchedText(searched)} page=${page} total=${Number(data.total)} pageSize=${pageSize} pageHref=${pageHref} />`}
      ${data !== null &&
      data.rows.length > 0 &&
      html`<${ResultTable} page=${data} display=${display} onWord=${onWord} caption=${captionOf(view)} loading=${loading} sorts=${view.sorts} onSort=${sort} onFilter=${(column) => setEdited({ column })} />`}
      ${hidden > 0 && html`<p class="note">${plural(hidden, 'row')} after these are not shown, because the rows of this page are too long. The download has all rows.</p>`}
      ${(isSameRows || data !== null) && html`<${Downloads} id=${id} view=${view} total=${isSameRows ? total : data.total} />`}
    </section>`;
}

/** More columns are counted, not named. */
const MAX_SEARCHED = 3;

/** What a search looks in. */
function searchedText(searched) {
  if (searched.length === 0 || searched.length > MAX_SEARCHED) {
    return searched.length === 0 ? 'results' : `${count(searched.length)} columns`;
  }
  return searched[0].length > 1 ? 'lines' : searched.map(([name]) => truncate(oneLine(name), MAX_NAME)).join(', ');
}

function captionOf({ q, filters, isFolded }) {
  const conditions = filters.map(filterTitle);
  return ['Result', isFolded && 'upper and lower case as one', q !== '' && `rows with ${q}`, ...conditions].filter(Boolean).join(', ');
}

/** What the server has against a filter, so that it is not applied; null if nothing, or if that is not known. */
async function filterProblem(id, filter, columns) {
  if (!isChecked(filter, columns)) {
    return null;
  }
  try {
    await api.result(id, { limit: 1, ...requestOf({ q: '', sorts: [], filters: [filter] }) });
    return null;
  } catch (error) {
    return error.code === 'bad_query' ? queryProblems(error) : null;
  }
}

function queryProblems({ errors }) {
  return errors.map(({ field, message }) => sentence(`${field} ${message}`)).join(' ');
}

/** Some rows cannot be found or put in order in time; a query can do it. */
function RowsError({ error, retry, sql }) {
  // Only here is the address what the reader has filled in; it would be refused again.
  const isRefused = error.code === 'bad_query' && error.errors.length > 0;
  return html`
    ${isRefused ? html`<${ErrorNote} error=${{ message: queryProblems(error) }} />` : html`<${ErrorNote} error=${error} retry=${retry} />`}
    ${error.code === 'limit_exceeded' && html`<p><${QueryLink} sql=${sql} /></p>`}`;
}

function EmptyPage({ view, searched, page, total, pageSize, pageHref }) {
  if (total === 0) {
    return html`<p class="note">No row matches.${view.q === '' ? '' : ` The search looks in ${searched}.`}</p>`;
  }
  const pages = Math.ceil(total / pageSize);
  return html`
    <p class="note">
      There is no page ${count(page)}; ${isFiltered(view) ? 'what matches has' : 'the result has'} ${plural(pages, 'page')}.${' '}
      <a href=${pageHref(pages)}>Last page</a>
    </p>`;
}

function Range({ page, data, pageHref }) {
  if (data === null) {
    return null;
  }
  const to = data.offset + data.rows.length;
  const text = data.rows.length === 0 ? `0 of ${count(data.total)}` : `${count(data.offset + 1)}–${count(to)} of ${count(data.total)}`;
  const step = (target, label, icon, possible) =>
    possible
      ? html`<a class="button" href=${pageHref(target)} aria-label=${label}><${Icon} name=${icon} /></a>`
      : html`<button type="button" class="button" disabled aria-label=${label}><${Icon} name=${icon} /></button>`;
  return html`
    <nav class="row" aria-label="Pages of the result">
      <span class="muted">${text}</span>
      ${step(page - 1, 'Previous page', 'left', page > 1)} ${step(page + 1, 'Next page', 'right', to < Number(data.total))}
    </nav>`;
}

/** The files with the rows that are shown: all, or those that match, in the chosen order. */
function Downloads({ id, view, total }) {
  const isAll = isWhole(view);
  const { data: size } = useLoad((signal) => (isAll ? api.resultSize(id, { format: 'csv' }, signal) : null), [id, isAll]);
  const link = (query, label) => html`
    <a class="button" href=${urls.result(id, { ...requestOf(view), ...query })} download><${Icon} name="download" />${label}</a>`;
  const single = whole(total) === 1n;
  const rows = isFiltered(view)
    ? `the ${single ? 'row that matches' : `${count(total)} rows that match`}`
    : single
      ? 'the row'
      : `all ${count(total)} rows`;
  return html`
    <div class="stack no-print">
      <div class="row">
        ${link({ format: 'csv' }, `Download ${rows} (CSV${size === null ? '' : `, ${bytes(size)}`})`)}
        ${link({ format: 'ndjson' }, 'NDJSON')} ${link({ format: 'parquet' }, 'Parquet')}
        ${link({ format: 'csv', safe: 1, bom: 1 }, 'CSV for spreadsheets')}
      </div>
      <p class="help">The file for spreadsheets keeps a cell such as =1+1 from being run as a formula, and shows letters such as é correctly in Excel.</p>
    </div>`;
}
