import { html } from 'htm/preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { paths } from '../api.js';
import { count, plural, zone } from '../format.js';
import {
  chooseLevel,
  closeLog,
  find,
  goToLine,
  isAtEnd,
  newer,
  older,
  openLog,
  pauseLog,
  retry,
  searchLog,
  toEnd,
} from '../job-log.js';
import { CHUNK, chunks, highlight, matches, timeOf } from '../log.js';
import { memo } from '../memo.js';
import { jobHref } from '../router.js';
import { ended } from '../status.js';
import { announce, useStore } from '../store.js';
import { ErrorNote, Icon, Skeleton } from './common.js';

/** This near to an edge, in pixels, what lies beyond is asked for. */
const NEAR = 600;
const AT_END = 8;

/** A job's log: any part of it, live at its end. Lines are numbered from 1 here, from 0 in the API. */
export function LogView({ job }) {
  const log = useStore((s) => s.log ?? null);
  const wanted = useStore((s) => lineOf(s.route.query.line));
  const [wrap, setWrap] = useState(true);
  const inSight = useRef(0);
  const active = !ended(job);
  useEffect(() => {
    openLog(job.job_id, wanted, active);
    return closeLog;
  }, [job.job_id]);
  useEffect(() => {
    if (wanted !== null) {
      goToLine(wanted);
    }
  }, [wanted]);
  if (log === null || log.id !== job.job_id) {
    return html`<${Skeleton} />`;
  }
  const { target } = log;
  return html`
    <section class="stack" aria-label="Log">
      <${Toolbar} job=${job} log=${log} wrap=${wrap} setWrap=${setWrap} current=${target.n} inSight=${inSight} />
      ${log.error && html`<${ErrorNote} error=${log.error} retry=${retry} />`}
      <${PrintedPart} log=${log} />
      <${Lines} job=${job} log=${log} wrap=${wrap} target=${target} inSight=${inSight} />
      <${Position} log=${log} />
    </section>`;
}

function lineOf(text) {
  const line = Number.parseInt(text ?? '', 10);
  return Number.isSafeInteger(line) && line > 0 ? line - 1 : null;
}

function Toolbar({ job, log, wrap, setWrap, current, inSight }) {
  const step = async (direction) => {
    const found = await find(current, direction);
    if (found !== null) {
      goToLine(found);
      announce(`Line ${count(found + 1)}`);
    }
  };
  const hits = useMemo(
    () => (log.search === '' || log.range === null ? 0 : log.range.lines.filter((line) => matches(line, log.search)).length),
    [log.search, log.range],
  );
  const onKey = (event) => {
    if (event.key === 'Enter') {
      event.preventDefault();
      step(event.shiftKey ? -1 : 1);
    } else if (event.key === 'Escape') {
      searchLog('');
    }
  };
  const told = log.searching
    ? 'Looking through the log…'
    : log.foundNothing
      ? 'No further match'
      : `${plural(hits, 'line')} of those shown`;
  return html`
    <div class="row apart log-tools no-print">
      <div class="row">
        <input
          class="input search"
          type="search"
          aria-label="Search log"
          placeholder="Search log"
          value=${log.search}
          onInput=${(e) => searchLog(e.currentTarget.value)}
          onKeyDown=${onKey}
        />
        ${log.search !== '' &&
        html`
          <button type="button" class="button" aria-label="Previous match" onClick=${() => step(-1)}><${Icon} name="up" /></button>
          <button type="button" class="button" aria-label="Next match" onClick=${() => step(1)}><${Icon} name="down" /></button>
          <span class="help">${told}</span>`}
      </div>
      <div class="row">
        <select class="select" aria-label="Level" value=${log.level} onChange=${(e) => chooseLevel(e.currentTarget.value, inSight.current)}>
          <option value="DEBUG">All levels</option>
          <option value="INFO">Info and above</option>
          <option value="WARN">Warnings and errors</option>
          <option value="ERROR">Errors</option>
        </select>
        <button type="button" class="button" aria-pressed=${wrap} onClick=${() => setWrap(!wrap)}>Wrap lines</button>
        <button
          type="button"
          class="button"
          aria-pressed=${log.follow}
          onClick=${() => (log.follow ? pauseLog() : toEnd())}
        >
          Follow log
        </button>
        <a class="button" href=${paths.log(job.job_id)} download><${Icon} name="download" />Download log</a>
      </div>
    </div>`;
}

function Lines({ job, log, wrap, target, inSight }) {
  const box = useRef(null);
  const before = useRef({});
  const arrived = useRef({ n: null });
  const { range, follow } = log;

  // Keeps what is read where it is, whatever comes or goes above it.
  useLayoutEffect(() => {
    const element = box.current;
    if (range === null) {
      return;
    }
    if (follow) {
      element.scrollTop = element.scrollHeight;
    } else if (before.current.line !== undefined) {
      const line = element.querySelector(`[data-n="${before.current.line}"]`);
      if (line !== null) {
        element.scrollTop += offsetOf(line, element) - before.current.offset;
      }
    }
    remember(element);
  }, [range, follow, wrap]);

  // Goes to the target once, as soon as it is there.
  useLayoutEffect(() => {
    const line = arrived.current === target ? null : box.current.querySelector(`[data-n="${target.n}"]`);
    if (line !== null) {
      arrived.current = target;
      box.current.scrollTop += offsetOf(line, box.current) - box.current.clientHeight / 2;
      remember(box.current);
    }
  }, [target, range]);

  useEffect(() => {
    const selected = () => {
      const selection = getSelection();
      if (!selection.isCollapsed && box.current?.contains(selection.anchorNode)) {
        pauseLog();
      }
    };
    document.addEventListener('selectionchange', selected);
    return () => document.removeEventListener('selectionchange', selected);
  }, []);

  /** Notes the first line in sight and how far it is from the top. */
  const remember = (element) => {
    const { top } = element.getBoundingClientRect();
    const chunk = firstBelow(element.querySelectorAll('.log-chunk'), top);
    const line = chunk && firstBelow(chunk.children, top);
    if (line) {
      inSight.current = Number(line.dataset.n);
    }
    before.current = line ? { line: line.dataset.n, offset: line.getBoundingClientRect().top - top } : {};
  };

  const onScroll = () => {
    const element = box.current;
    const below = element.scrollHeight - element.clientHeight - element.scrollTop;
    remember(element);
    if (below <= AT_END && isAtEnd(log)) {
      if (!follow && !ended(job) && getSelection().isCollapsed) {
        toEnd();
      }
    } else if (follow && below > AT_END) {
      pauseLog();
    }
    if (element.scrollTop < NEAR) {
      older();
    }
    if (below < NEAR) {
      newer();
    }
  };

  const isEmpty = range !== null && range.lines.length === 0;
  return html`
    <div
      ref=${box}
      class=${wrap ? 'log wrap' : 'log'}
      role="log"
      aria-live="off"
      aria-label="Log lines"
      aria-busy=${log.busy}
      tabindex="0"
      onScroll=${onScroll}
    >
      ${range === null && html`<${Skeleton} lines=${8} />`}
      ${range !== null &&
      log.truncatedBefore > 0 &&
      range.from <= log.truncatedBefore &&
      html`<p class="log-note">${plural(log.truncatedBefore, 'line')} at the beginning dropped: the log grew beyond its limit.</p>`}
      ${isEmpty && html`<p class="log-note">${emptyText(job, log)}</p>`}
      ${range !== null &&
      chunks(range.lines).map(
        ({ key, lines }) => {
          const current = lines.some(({ n }) => n === target.n) ? target.n : null;
          return html`<${Chunk} key=${key} id=${job.job_id} lines=${lines} search=${log.search} current=${current} />`;
        },
      )}
    </div>`;
}

function offsetOf(line, box) {
  return line.getBoundingClientRect().top - box.getBoundingClientRect().top;
}

/** The first of some elements, one below the other, that reaches below a height. */
function firstBelow(elements, top) {
  let low = 0;
  let high = elements.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (elements[middle].getBoundingClientRect().bottom <= top) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return elements[low];
}

function emptyText(job, log) {
  if (log.total > 0) {
    return 'No line of this level here.';
  }
  return ended(job) ? 'This job wrote no log.' : 'Waiting for the first line…';
}

/** Some lines; drawn again only if they, or what is marked in them, change. */
const Chunk = memo(
  ({ id, lines, search, current }) => html`
    <div class=${lines.length === CHUNK ? 'log-chunk full' : 'log-chunk'}>
      ${lines.map(
        (line) =>
          html`<${Line} key=${line.n} id=${id} line=${line} search=${search} isCurrent=${line.n === current} />`,
      )}
    </div>`,
  (a, b) =>
    a.id === b.id &&
    a.search === b.search &&
    a.current === b.current &&
    a.lines.length === b.lines.length &&
    a.lines[0].n === b.lines[0].n &&
    a.lines.at(-1).n === b.lines.at(-1).n,
);

function Line({ id, line, search, isCurrent }) {
  const number = line.n + 1;
  // Thousands of stops for the Tab key would be a trap; "Go to line" does the same from the keyboard. The spaces are for
  // copied lines.
  return html`
    <div class=${`log-line ${line.level.toLowerCase()}${isCurrent ? ' current' : ''}`} data-n=${line.n}>
      <a class="log-number" tabindex="-1" href=${jobHref(id, 'log', { line: number })} aria-label=${`Line ${number}`}>${number}</a>${' '}
      <span class="log-time">${timeOf(line)}</span>${' '}
      <span class="log-level">${line.level}</span>${' '}
      <span class="log-text">${highlight(line.text, search).map(({ text, found }) => (found ? html`<mark>${text}</mark>` : text))}</span>
    </div>`;
}

/** Which lines these are. */
function shownLines({ level, range, total }) {
  return level === 'DEBUG'
    ? `Lines ${count(range.from + 1)}–${count(range.next)} of ${count(total)}`
    : `${plural(range.lines.length, 'line')} of this level among ${count(total)}`;
}

/** Whether the log has lines that are not loaded, or not of the chosen level. */
function isPart({ level, range, total, truncatedBefore }) {
  return level !== 'DEBUG' || range.from > truncatedBefore || range.next < total;
}

/** On paper nobody can scroll on. */
function PrintedPart({ log }) {
  if (log.range === null || !isPart(log)) {
    return null;
  }
  return html`<p class="note print-only">This is a part of the log: ${shownLines(log)}. “Download log” gives the whole.</p>`;
}

/** Where in the log this is; any place is one move away. */
function Position({ log }) {
  const [text, setText] = useState('');
  const { range, total, truncatedBefore } = log;
  if (range === null || total === 0) {
    return null;
  }
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
      <span class="help">${shownLines(log)}. Times are in ${zone(range.lines.at(-1)?.time)}; those of the download are in UTC.</span>
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
