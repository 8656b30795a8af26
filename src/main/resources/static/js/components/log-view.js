import { html } from 'htm/preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { urls } from '../api/api.js';
import { useStore } from '../hooks.js';
import { count, plural, zone } from '../lib/format.js';
import { hasEnded } from '../lib/job-status.js';
import { phaseAt, phasesOf } from '../lib/log-phases.js';
import { LEVELS } from '../lib/log-range.js';
import { matches } from '../lib/log-text.js';
import { jobHref } from '../lib/router.js';
import { closeLog, findInLog, followEnd, goToLine, isAtEnd, openLog, placeOf, retryLog, setLogLevel, setLogSearch, stopFollowing } from '../state/job-log.js';
import { replaceRoute } from '../state/navigation.js';
import { announce } from '../state/store.js';
import { ErrorNote, Icon, Skeleton } from './common.js';
import { LogLines } from './log-lines.js';

/** A job's log. The user sees line numbers from 1; the API and the state count from 0. */
export function LogView({ job }) {
  const log = useStore((s) => s.log);
  const route = useStore((s) => s.route);
  const routeLine = lineOf(route.query.line);
  const routeLevel = levelOf(route.query.level);
  const routeSearch = route.query.q ?? '';
  const routeFold = route.query.fold ?? '';
  const [wrap, setWrap] = useState(true);
  const [folded, setFolded] = useState(() => foldedOf(routeFold));
  /** The first visible line. */
  const topLine = useRef(0);
  /** The address that this view has written. */
  const written = useRef(null);
  useEffect(() => {
    openLog(job.job_id, routeLine, !hasEnded(job), { level: routeLevel, search: routeSearch });
    return closeLog;
  }, [job.job_id]);
  // All of an address that was opened meanwhile, also if what was typed last has not come into the one before.
  useEffect(() => {
    if (log === null || location.hash === written.current) {
      return;
    }
    if (log.level !== routeLevel) {
      setLogLevel(routeLevel, topLine.current);
    }
    if (log.search !== routeSearch) {
      setLogSearch(routeSearch);
    }
    if (routeLine !== null) {
      goToLine(routeLine);
    }
    setFolded(foldedOf(routeFold));
  }, [route]);
  const isOpen = log !== null && log.id === job.job_id;
  const fold = foldText(folded);
  const address = isOpen ? jobHref(job.job_id, 'log', { ...placeOf(log), fold }) : null;
  useEffect(() => {
    const before = location.hash;
    const write = () => {
      // Another address may have been opened meanwhile.
      if (address !== null && address !== location.hash && location.hash === before) {
        written.current = address;
        replaceRoute(address);
      }
    };
    const timer = setTimeout(write, WRITE_MS);
    return () => clearTimeout(timer);
  }, [address]);
  const lines = isOpen ? (log.range?.lines ?? NO_LINES) : NO_LINES;
  const end = isOpen && hasEnded(job) && isAtEnd(log) ? job.finished_at : null;
  const phases = useMemo(() => phasesOf(lines, end), [lines, end]);
  useEffect(() => {
    // A line that is looked for is never in a folded phase.
    const phase = isOpen && log.target.n !== null ? phaseAt(log.target.n, lines, phases) : undefined;
    if (phase !== undefined && phase.n !== log.target.n) {
      setFolded((before) => without(before, phase.n));
    }
  }, [isOpen && log.target, phases]);
  const onFold = (n) => setFolded((before) => (before.has(n) ? without(before, n) : new Set([...before, n])));
  const foldAll = () => setFolded((before) => (before.size > 0 ? NOTHING : new Set(phases.map(({ n }) => n))));
  if (!isOpen) {
    return html`<${Skeleton} />`;
  }
  return html`
    <section class="stack" aria-label="Log">
      <${Toolbar} job=${job} log=${log} wrap=${wrap} setWrap=${setWrap} topLine=${topLine} phases=${phases} folded=${folded} foldAll=${foldAll} />
      ${log.error && html`<${ErrorNote} error=${log.error} retry=${retryLog} />`}
      <${PrintNote} log=${log} />
      <${LogLines} job=${job} log=${log} wrap=${wrap} topLine=${topLine} phases=${phases} folded=${folded} fold=${fold} onFold=${onFold} />
      <${Position} log=${log} />
    </section>`;
}

const WRITE_MS = 300;
const NOTHING = new Set();
const NO_LINES = [];
/** An address with more would be too long. */
const MAX_FOLDED = 100;

/** The folded phases in the address, by their first lines. */
function foldedOf(text) {
  const lines = text.split('.').map(lineOf).filter((n) => n !== null);
  return lines.length === 0 ? NOTHING : new Set(lines.slice(0, MAX_FOLDED));
}

function foldText(folded) {
  return [...folded].slice(0, MAX_FOLDED).map((n) => n + 1).join('.');
}

function without(set, n) {
  return set.has(n) ? new Set([...set].filter((other) => other !== n)) : set;
}

function levelOf(text) {
  const level = text?.toUpperCase();
  return LEVELS.includes(level) ? level : 'DEBUG';
}

function lineOf(text) {
  const line = Number.parseInt(text ?? '', 10);
  return Number.isSafeInteger(line) && line > 0 ? line - 1 : null;
}

function Toolbar({ job, log, wrap, setWrap, topLine, phases, folded, foldAll }) {
  const findNext = async (direction) => {
    const found = await findInLog(log.target.n, direction);
    if (found !== null) {
      goToLine(found);
      announce(`Line ${count(found + 1)}`);
    }
  };
  const matchCount = useMemo(
    () => (log.search === '' || log.range === null ? 0 : log.range.lines.filter((line) => matches(line, log.search)).length),
    [log.search, log.range],
  );
  const onKey = (event) => {
    if (event.key === 'Enter') {
      event.preventDefault();
      findNext(event.shiftKey ? -1 : 1);
    } else if (event.key === 'Escape') {
      setLogSearch('');
    }
  };
  const searchStatus = log.isSearching
    ? 'Searching the log…'
    : log.foundNothing
      ? 'No further match'
      : `${plural(matchCount, 'line')} of those shown`;
  return html`
    <div class="row apart log-tools no-print">
      <div class="row">
        <input
          class="input search"
          type="search"
          aria-label="Search log"
          placeholder="Search log"
          value=${log.search}
          onInput=${(e) => setLogSearch(e.currentTarget.value)}
          onKeyDown=${onKey}
        />
        ${log.search !== '' &&
        html`
          <button type="button" class="button" aria-label="Previous match" onClick=${() => findNext(-1)}><${Icon} name="up" /></button>
          <button type="button" class="button" aria-label="Next match" onClick=${() => findNext(1)}><${Icon} name="down" /></button>
          <span class="help">${searchStatus}</span>`}
      </div>
      <div class="row">
        <select class="select" aria-label="Level" value=${log.level} onChange=${(e) => setLogLevel(e.currentTarget.value, topLine.current)}>
          <option value="DEBUG">All levels</option>
          <option value="INFO">Info and above</option>
          <option value="WARN">Warnings and errors</option>
          <option value="ERROR">Errors</option>
        </select>
        ${phases.length > 1 && html`<button type="button" class="button" aria-pressed=${folded.size > 0} onClick=${foldAll}>Fold phases</button>`}
        <button type="button" class="button" aria-pressed=${wrap} onClick=${() => setWrap(!wrap)}>Wrap lines</button>
        <button
          type="button"
          class="button"
          aria-pressed=${log.follow}
          onClick=${() => (log.follow ? stopFollowing() : followEnd())}
        >
          Follow log
        </button>
        <a class="button" href=${urls.log(job.job_id)} download><${Icon} name="download" />Download log</a>
      </div>
    </div>`;
}

/** Which lines are loaded. */
function rangeText({ level, range, total }) {
  return level === 'DEBUG'
    ? `Lines ${count(range.from + 1)}–${count(range.next)} of ${count(total)}`
    : `${plural(range.lines.length, 'line')} of this level among ${count(total)}`;
}

/** Says on paper that the log has more lines than those printed. */
function PrintNote({ log }) {
  const { level, range, total, truncatedBefore } = log;
  if (range === null || (level === 'DEBUG' && range.from <= truncatedBefore && range.next >= total)) {
    return null;
  }
  return html`<p class="note print-only">This is a part of the log: ${rangeText(log)}. “Download log” gives the whole.</p>`;
}

/** The position in the log, and controls to go elsewhere. */
function Position({ log }) {
  const [text, setText] = useState('');
  const { range, total, truncatedBefore } = log;
  if (range === null || total === 0) {
    return null;
  }
  const timeZone = zone(range.lines.at(-1)?.time);
  const go = (n) => {
    const line = Math.min(total - 1, Math.max(truncatedBefore, n));
    goToLine(line);
    announce(`Line ${count(line + 1)}`);
  };
  const submit = (event) => {
    event.preventDefault();
    const number = Number.parseInt(text.replace(/\D/g, ''), 10);
    if (number > 0) {
      go(number - 1);
    }
  };
  return html`
    <div class="row apart log-position no-print">
      <span class="help">${rangeText(log)}. Times are in ${timeZone}${timeZone !== 'UTC' && '; those of the download are in UTC'}.</span>
      ${(range.from > truncatedBefore || range.next < total) &&
      html`
        <input
          type="range"
          aria-label="Position in the log"
          min=${truncatedBefore + 1}
          max=${total}
          value=${range.from + 1}
          onChange=${(e) => go(Number(e.currentTarget.value) - 1)}
        />`}
      <form class="row" onSubmit=${submit}>
        <label class="help" for="go-to-line">Go to line</label>
        <input id="go-to-line" class="input" inputmode="numeric" autocomplete="off" value=${text} onInput=${(e) => setText(e.currentTarget.value)} />
      </form>
    </div>`;
}
