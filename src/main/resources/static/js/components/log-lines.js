import { html } from 'htm/preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { duration, plural } from '../lib/format.js';
import { hasEnded } from '../lib/job-status.js';
import { unfolded } from '../lib/log-phases.js';
import { CHUNK_LINES, chunks, highlight, lineTime } from '../lib/log-text.js';
import { jobHref } from '../lib/router.js';
import { followEnd, isAtEnd, loadNewer, loadOlder, placeOf, stopFollowing } from '../state/job-log.js';
import { Skeleton } from './common.js';
import { memo } from './memo.js';

/** More lines are loaded this close to an edge, in pixels. */
const LOAD_DISTANCE = 600;
/** This close to the end, in pixels, the end is followed. */
const FOLLOW_DISTANCE = 8;

/**
 * The scrolling box with the log's lines.
 *
 * @param {Object} properties
 * @param {{current: number}} properties.topLine receives the first visible line
 * @param {string} properties.fold the folded phases, as the address has them
 */
export function LogLines({ job, log, wrap, topLine, phases, folded, fold, onFold }) {
  const box = useRef(null);
  /** The first visible line and its distance from the top of the box. */
  const anchor = useRef({ line: null, offset: 0 });
  const lastTarget = useRef(null);
  const { range, follow, target } = log;

  const saveAnchor = () => {
    const { top } = box.current.getBoundingClientRect();
    const chunk = firstBelow(box.current.querySelectorAll('.log-chunk'), top);
    const line = chunk && firstBelow(chunk.children, top);
    if (line) {
      topLine.current = Number(line.dataset.n);
    }
    anchor.current = line ? { line: line.dataset.n, offset: line.getBoundingClientRect().top - top } : { line: null, offset: 0 };
  };

  // Keeps the lines where they are when others are added or removed above.
  useLayoutEffect(() => {
    if (range === null) {
      return;
    }
    if (follow) {
      box.current.scrollTop = box.current.scrollHeight;
    } else {
      const line = lineElement(box.current, anchor.current.line);
      if (line !== null) {
        box.current.scrollTop += offsetOf(line, box.current) - anchor.current.offset;
      }
    }
    saveAnchor();
  }, [range, follow, wrap, folded]);

  // Scrolls to each target once, as soon as its line is loaded.
  useLayoutEffect(() => {
    const line = lastTarget.current === target ? null : lineElement(box.current, target.n);
    if (line !== null) {
      lastTarget.current = target;
      box.current.scrollTop += offsetOf(line, box.current) - box.current.clientHeight / 2;
      saveAnchor();
    }
  }, [target, range, folded]);

  // Selecting text stops following, which would scroll it away.
  useEffect(() => {
    const onSelection = () => {
      const selection = getSelection();
      if (!selection.isCollapsed && box.current?.contains(selection.anchorNode)) {
        stopFollowing();
      }
    };
    document.addEventListener('selectionchange', onSelection);
    return () => document.removeEventListener('selectionchange', onSelection);
  }, []);

  const onScroll = () => {
    const { scrollTop, scrollHeight, clientHeight } = box.current;
    const below = scrollHeight - clientHeight - scrollTop;
    saveAnchor();
    if (below <= FOLLOW_DISTANCE && isAtEnd(log)) {
      if (!follow && !hasEnded(job) && getSelection().isCollapsed) {
        followEnd();
      }
    } else if (follow && below > FOLLOW_DISTANCE) {
      stopFollowing();
    }
    if (scrollTop < LOAD_DISTANCE) {
      loadOlder();
    }
    if (below < LOAD_DISTANCE) {
      loadNewer();
    }
  };

  return html`
    <div
      ref=${box}
      class=${wrap ? 'log wrap' : 'log'}
      role="log"
      aria-live="off"
      aria-label="Log lines"
      aria-busy=${log.isLoading}
      tabindex="0"
      onScroll=${onScroll}
    >
      ${range === null ? html`<${Skeleton} lines=${8} />` : html`<${Range} job=${job} log=${log} phases=${phases} folded=${folded} fold=${fold} onFold=${onFold} />`}
    </div>`;
}

function Range({ job, log, phases, folded, fold, onFold }) {
  const { range, level, search, target, truncatedBefore } = log;
  const heads = new Map(phases.map((phase) => [phase.n, { ...phase, isFolded: folded.has(phase.n) }]));
  return html`
    ${truncatedBefore > 0 &&
    range.from <= truncatedBefore &&
    html`<p class="log-note">${plural(truncatedBefore, 'line')} at the beginning dropped: the log grew beyond its limit.</p>`}
    ${range.lines.length === 0 && html`<p class="log-note">${emptyText(job, log)}</p>`}
    ${chunks(unfolded(range.lines, phases, folded)).map(({ key, lines }) => {
      const marked = lines.some(({ n }) => n === target.n) ? target.n : null;
      const own = lines.map(({ n }) => heads.get(n)).filter(Boolean);
      return html`<${Chunk} key=${key} id=${job.job_id} lines=${lines} level=${level} search=${search} marked=${marked} fold=${fold} heads=${own} onFold=${onFold} />`;
    })}
    ${folded.size > 0 &&
    !isAtEnd(log) &&
    html`<p class="log-note"><button type="button" class="button" onClick=${() => loadNewer()}>More lines</button></p>`}`;
}

function emptyText(job, log) {
  if (log.total > 0) {
    return 'No line of this level here.';
  }
  return hasEnded(job) ? 'This job wrote no log.' : 'Waiting for the first line…';
}

/** Some lines, redrawn only if the lines or their marks change. */
const Chunk = memo(
  ({ id, lines, level, search, marked, fold, heads, onFold }) => html`
    <div class=${lines.length === CHUNK_LINES ? 'log-chunk full' : 'log-chunk'}>
      ${lines.map(
        (line) => html`
          <${Line}
            key=${line.n}
            line=${line}
            href=${jobHref(id, 'log', { ...placeOf({ level, search }, line.n), fold })}
            search=${search}
            isMarked=${line.n === marked}
            head=${heads.find(({ n }) => n === line.n)}
            onFold=${onFold}
          />`,
      )}
    </div>`,
  (a, b) =>
    a.id === b.id &&
    a.level === b.level &&
    a.search === b.search &&
    a.fold === b.fold &&
    JSON.stringify(a.heads) === JSON.stringify(b.heads) &&
    a.marked === b.marked &&
    a.lines.length === b.lines.length &&
    a.lines[0].n === b.lines[0].n &&
    a.lines.at(-1).n === b.lines.at(-1).n,
);

function Line({ line, href, search, isMarked, head, onFold }) {
  const number = line.n + 1;
  // The links are no Tab stops: there may be thousands, and "Go to line" does the same. The spaces separate the fields
  // of copied lines.
  return html`
    <div class=${`log-line ${line.level.toLowerCase()}${isMarked ? ' current' : ''}${head ? ' phase' : ''}`} data-n=${line.n}>
      <a class="log-number" tabindex="-1" href=${href} aria-label=${`Line ${number}`}>${number}</a>${' '}
      <span class="log-time">${lineTime(line)}</span>${' '}
      <span class="log-level">${line.level}</span>${' '}
      <span class="log-text">${highlight(line.text, search).map(({ text, isMatch }) => (isMatch ? html`<mark>${text}</mark>` : text))}</span>
      ${head && html`<${Fold} head=${head} onFold=${onFold} />`}
    </div>`;
}

/** How long a phase took, and a button that folds its lines. */
function Fold({ head: { n, name, lines, ms, isFolded }, onFold }) {
  return html`
    ${ms !== null && html`${' '}<span class="log-duration">${duration(ms)}</span>`}
    ${lines > 0 &&
    html`${' '}<button type="button" class="log-fold" onClick=${() => onFold(n)}>${isFolded ? `show ${plural(lines, 'line')}` : 'fold'}<span class="visually-hidden"> of phase ${name}</span></button>`}`;
}

function lineElement(box, n) {
  return box.querySelector(`[data-n="${n}"]`);
}

function offsetOf(line, box) {
  return line.getBoundingClientRect().top - box.getBoundingClientRect().top;
}

/** The first element that ends below a height, in a list of elements from top to bottom. */
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
