import { html } from 'htm/preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { api } from '../api/api.js';
import { useLoad, useStore } from '../hooks.js';
import {
  COMPARED_ROWS,
  areComparable,
  byDifference,
  byValue,
  difference,
  differenceOf,
  hasPairs,
  joinRows,
  missingKeys,
  perThousand,
  rateDifference,
  rateText,
  withFound,
} from '../lib/compare-results.js';
import { NO_VALUE, count, whole } from '../lib/format.js';
import { displayOf } from '../lib/result-display.js';
import { isFiltered, requestOf, routeOf, viewOf } from '../lib/result-view.js';
import { href } from '../lib/router.js';
import { listValue } from '../lib/stop-words.js';
import { hasAllWords, wordsOf } from '../lib/words.js';
import { replaceRoute } from '../state/navigation.js';
import { ErrorNote, Skeleton } from './common.js';
import { DifferenceChart } from './difference-chart.js';
import { BreakableNumber } from './long-text.js';
import { Cell } from './result-table.js';
import { SearchBox } from './search-box.js';
import { WordTools } from './word-tools.js';

const FIRST_ROWS = 50;
const MORE_ROWS = 200;
const DRAWN_ROWS = 20;
/** Among them are those to draw, once the values are known that are not among the first rows of a result. */
const CANDIDATES = 60;
/** What one request looks up, so that its address does not become too long. */
const LOOKED_UP = 50;

/** The results of two jobs, row by row. */
export function CompareResults({ a, b }) {
  const query = useStore((s) => s.route.query);
  const both = a.status === 'SUCCEEDED' && b.status === 'SUCCEEDED';
  const view = { ...viewOf(query), sorts: [] };
  const page = async ({ job_id: id }, signal) => {
    // Another result may have many columns.
    const first = await api.result(id, { limit: 1 }, signal);
    return hasPairs(first) ? api.result(id, { limit: COMPARED_ROWS, ...requestOf(view) }, signal) : first;
  };
  const { data, error, loading, reload } = useLoad(
    async (signal) => (both ? [await page(a, signal), await page(b, signal)] : null),
    [a.job_id, b.job_id, both, query.q, query.filter, query.fold],
  );
  const comparable = data !== null && areComparable(...data);
  return html`
    <section class="stack" aria-label="Results">
      <h2>Results</h2>
      ${!both && html`<p class="muted">Results can be compared once both jobs have succeeded.</p>`}
      ${error && html`<${ErrorNote} error=${error} retry=${reload} />`}
      ${data === null && loading && html`<${Skeleton} />`}
      ${data !== null && !comparable && html`<p class="muted">Results can be compared row by row if they have two columns: a text, which no other row has, and a whole number.</p>`}
      ${comparable && html`<${Joined} key=${`${query.q}/${query.filter}/${query.fold}`} jobs=${{ a, b }} pages=${{ a: data[0], b: data[1] }} view=${view} query=${query} />`}
    </section>`;
}

/** What a job's type says of its words, and how many there are in all; null if it says nothing. */
function wordsAndTotal(job, { columns }, jobTypes) {
  const words = wordsOf(displayOf(job, jobTypes), columns);
  return words && { words, total: job.summary?.[words.total], absent: hasAllWords(words, job) ? 0n : null };
}

function Joined({ jobs, pages, view, query }) {
  const jobTypes = useStore((s) => s.jobTypes);
  const [wordsA, wordsB] = [wordsAndTotal(jobs.a, pages.a, jobTypes), wordsAndTotal(jobs.b, pages.b, jobTypes)];
  const hasWords = wordsA !== null && wordsB !== null && wordsA.words.word === wordsB.words.word;
  const hasTotals = hasWords && Number(wordsA.total) > 0 && Number(wordsB.total) > 0;
  const totals = hasTotals && query.per !== 'count' ? { a: wordsA.total, b: wordsB.total } : null;
  const [rowCount, setRowCount] = useState(FIRST_ROWS);
  const joined = useMemo(() => joinRows(pages.a, pages.b), [pages.a, pages.b]);
  const [found, setFound] = useState({ a: new Map(), b: new Map() });
  const sideOf = (side, words) => ({ found: found[side], isPart: isPart(pages[side]), absent: hasWords ? words.absent : null });
  const rows = useMemo(
    () => withFound(joined, { a: sideOf('a', wordsA), b: sideOf('b', wordsB) }),
    [joined, found, wordsA?.absent, wordsB?.absent],
  );
  const differing = useMemo(() => byDifference(rows, totals), [rows, totals === null]);
  const ordered = useMemo(() => (query.order === 'difference' ? differing : byValue(rows, totals)), [differing, query.order, totals === null]);
  const shown = ordered.slice(0, rowCount);
  const problem = useMissing({ jobs, pages, view, found, setFound }, [...differing.slice(0, CANDIDATES), ...shown]);
  const change = (changes) => replaceRoute(href('compare', { ...query, ...changes }));
  const changeView = (changes) => change(routeOf({ ...view, ...changes }));
  const canFold = hasWords && [jobs.a, jobs.b].some((job) => job.params[wordsA.words.case_param] === true);
  const choice = (label, isChosen, changes) => html`
    <button type="button" class="button filter" aria-pressed=${isChosen} onClick=${() => change(changes)}>${label}</button>`;
  const searchLabel = `Search ${pages.a.columns[0].name}`;
  return html`
    <div class="row apart no-print">
      <${SearchBox} label=${searchLabel} placeholder=${searchLabel} q=${view.q} onSearch=${(q) => changeView({ q })} />
      ${hasTotals &&
      html`
        <div class="row" role="group" aria-label="Numbers">
          ${choice('Per thousand words', totals !== null, { per: null })} ${choice('Counts', totals === null, { per: 'count' })}
        </div>`}
      <div class="row" role="group" aria-label="Order">
        ${choice('Most frequent first', query.order !== 'difference', { order: null })}
        ${choice('Largest difference first', query.order === 'difference', { order: 'difference' })}
      </div>
    </div>
    ${hasWords && html`<${WordTools} column=${wordsA.words.word} canFold=${canFold} isPartial=${wordsA.absent === null || wordsB.absent === null} view=${view} onChange=${changeView} />`}
    ${problem && html`<${ErrorNote} error=${problem} />`}
    ${rows.length === 0
      ? html`<p class="note">No row matches.</p>`
      : html`
          <${Drawn} rows=${differing} totals=${totals} />
          <${JoinedTable} rows=${shown} totals=${totals} column=${pages.a.columns[0]} pages=${pages} found=${found} />
          <div class="row apart">
            <span class="help"><${Explanation} shown=${shown.length} rows=${rows.length} pages=${pages} totals=${totals} view=${view} /></span>
            ${rowCount < rows.length && html`<button type="button" class="button" onClick=${() => setRowCount(rowCount + MORE_ROWS)}>Show more</button>`}
          </div>`}`;
}

/**
 * Looks up what is not among the first rows of a result, but may be further down.
 *
 * @returns {Error|null} why that failed
 */
function useMissing({ jobs, pages, view, found, setFound }, rows) {
  const [problem, setProblem] = useState(null);
  const missing = {};
  for (const side of ['a', 'b']) {
    missing[side] = isPart(pages[side]) ? missingKeys(rows, side, found[side]).slice(0, LOOKED_UP) : [];
  }
  const side = ['a', 'b'].find((each) => missing[each].length > 0);
  const keys = side === undefined ? [] : missing[side];
  useEffect(() => {
    if (side === undefined || problem !== null) {
      return undefined;
    }
    const controller = new AbortController();
    const { columns } = pages[side];
    const { fold } = requestOf(view);
    const filter = [`${encodeURIComponent(columns[0].name)}:in:${listValue(keys)}`];
    api.result(jobs[side].job_id, { limit: COMPARED_ROWS, filter, fold }, controller.signal).then(
      (page) => {
        const values = new Map(page.rows.map(([key, value]) => [key, whole(value)]));
        setFound((before) => ({ ...before, [side]: new Map([...before[side], ...keys.map((key) => [key, values.get(key) ?? null])]) }));
      },
      (error) => !controller.signal.aborted && setProblem(error),
    );
    return () => controller.abort();
  }, [side, keys.join('\n')]);
  return problem;
}

function isPart(page) {
  return Number(page.total) > page.rows.length;
}

function Drawn({ rows, totals }) {
  const drawn = rows
    .filter(isKnown)
    .slice(0, DRAWN_ROWS)
    .map((row) => ({ key: row.key, value: differenceOf(row, totals), text: differenceText(row, totals) }))
    .filter(({ value }) => value !== 0);
  const title = `Largest differences${totals === null ? '' : ', per thousand words'}`;
  return drawn.length > 0 && html`<${DifferenceChart} rows=${drawn} title=${title} sides=${['more in A', 'more in B']} />`;
}

function isKnown({ a, b }) {
  return a !== null && b !== null;
}

function differenceText({ a, b }, totals) {
  return totals === null ? difference(a, b) : rateDifference(perThousand(a, totals.a), perThousand(b, totals.b));
}

function JoinedTable({ rows, totals, column, pages, found }) {
  const heading = (side) => (totals === null ? side : `${side} ‰`);
  return html`
    <div class="table-wrap">
      <table class="joined">
        <caption class="visually-hidden">Results side by side</caption>
        <thead>
          <tr>
            <th scope="col">${column.name}</th>
            <th scope="col" class="number">${heading('A')}</th>
            <th scope="col" class="number">${heading('B')}</th>
            <th scope="col" class="number">${heading('B − A')}</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map((row) => {
            const isUnknown = (side) => row[side] === null && isPart(pages[side]) && !found[side].has(row.key);
            const cell = (side) => html`<td class="number">${isUnknown(side) ? '…' : html`<${Value} value=${row[side]} total=${totals?.[side]} />`}</td>`;
            return html`
              <tr key=${row.key}>
                <th scope="row"><${Cell} value=${row.key} column=${column} /></th>
                ${cell('a')} ${cell('b')}
                <td class="number">${isUnknown('a') || isUnknown('b') ? '…' : isKnown(row) ? html`<${BreakableNumber} text=${differenceText(row, totals)} />` : NO_VALUE}</td>
              </tr>`;
          })}
        </tbody>
      </table>
    </div>`;
}

/** A count; with a total also how often that is in a thousand. */
function Value({ value, total }) {
  if (value === null || total === undefined) {
    return html`<${BreakableNumber} text=${count(value)} />`;
  }
  return html`${rateText(perThousand(value, total))} <span class="unit">${count(value)}</span>`;
}

function Explanation({ shown, rows, pages, totals, view }) {
  const part = isPart(pages.a) || isPart(pages.b) ? `, out of the first ${count(COMPARED_ROWS)} ${isFiltered(view) ? 'that match ' : ''}of each result` : '';
  const rates = totals === null ? '' : ' ‰: how often in a thousand words of the job, of all that it counted; the small number is the count.';
  return `${count(shown)} of ${count(rows)} rows${part}; “–” stands for a row that is not there.${rates}`;
}
