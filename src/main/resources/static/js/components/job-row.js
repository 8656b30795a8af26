import { html } from 'htm/preact';
import { withoutApiTerms } from '../api/messages.js';
import { useStore } from '../hooks.js';
import { clock, duration, elapsed, plural } from '../lib/format.js';
import { isDelayed, progressOf, workTime } from '../lib/job-progress.js';
import { hasEnded } from '../lib/job-status.js';
import { jobHref } from '../lib/router.js';
import { firstSentence, oneLine, sentence } from '../lib/text.js';
import { truncate } from '../lib/truncate.js';
import { useServerNow } from '../more-hooks.js';
import { isOnline } from '../state/connection.js';
import { select } from '../state/selection.js';
import { RelativeTime, UserText } from './common.js';
import { ProgressBar, StatusBadge } from './job-status.js';
import { Labels } from './labels.js';
import { ShortenedName } from './long-text.js';
import { memo } from './memo.js';
import { copyAs } from './table-copy.js';
import { WarningIcon } from './warnings.js';

const MAX_LABELS = 5;
const MAX_CAUSE = 200;

/** These jobs as rows; only those of jobs that have changed are redrawn. */
export const JobRows = memo(({ ids }) => ids.map((id) => html`<${Row} key=${id} id=${id} />`));

const Row = memo(({ id }) => {
  const [job, selected, title] = useStore(({ jobs, selection, jobTypes }) => [
    jobs.get(id),
    selection.includes(id),
    jobTypes?.find(({ type }) => type === jobs.get(id)?.type)?.title,
  ]);
  if (job === undefined) {
    return null;
  }
  return html`
    <tr data-id=${id} class=${selected ? 'selected' : ''}>
      <td class="select-cell" onClick=${(e) => toggle(e, id, selected)} onMouseDown=${keepTextUnselected}>
        <input type="checkbox" aria-label=${`Select ${oneLine(job.name)}`} checked=${selected} />
      </td>
      <th scope="row" ref=${(cell) => cell && copyAs(cell, job.name)}>
        <a class="job-link" href=${jobHref(id)} aria-label=${job.name}><${ShortenedName} text=${job.name} /></a>
        <${Labels} labels=${job.labels} max=${MAX_LABELS} />
      </th>
      <td data-label="Type" class="type">${title ?? job.type}</td>
      <td data-label="Status"><span><${StatusBadge} status=${job.status} /><${WarningMark} job=${job} /></span></td>
      <td data-label=${job.status === 'FAILED' ? 'Cause' : 'Progress'} class="progress-cell"><${RowProgress} job=${job} /></td>
      <td data-label="Duration" class="number"><${WorkTime} job=${job} /></td>
      <td data-label="Submitted by" class="by"><${UserText} text=${job.submitted_by} /></td>
      <td data-label="Submitted"><${RelativeTime} iso=${job.submitted_at} /></td>
    </tr>`;
});

/** The cell around the box, which is small, selects as well. */
function toggle(event, id, selected) {
  const isBox = event.target.tagName === 'INPUT';
  select(id, isBox ? event.target.checked : !selected, event.shiftKey);
}

/** Browsers select the text between two clicks with Shift. */
function keepTextUnselected(event) {
  if (event.shiftKey) {
    event.preventDefault();
  }
}

/** The number of the job's warnings; its view has their texts. */
function WarningMark({ job }) {
  const number = job.warnings?.length ?? 0;
  return (
    number > 0 &&
    html`${' '}<span class="status cancelling" title=${plural(number, 'warning')}><${WarningIcon} /><span class="visually-hidden">${plural(number, 'warning')}</span></span>`
  );
}

function RowProgress({ job }) {
  if (job.status === 'FAILED' && job.error) {
    return html`<${Cause} error=${job.error} />`;
  }
  if (hasEnded(job)) {
    return null;
  }
  return html`<${Progress} job=${job} />`;
}

/** The beginning of the cause; opened, also the rest and what to do. */
function Cause({ error }) {
  const cause = withoutApiTerms(error.message);
  const hint = withoutApiTerms(error.hint ?? '');
  const beginning = truncate(firstSentence(cause), MAX_CAUSE);
  const all = oneLine(cause.trim());
  const rest = all.startsWith(beginning) ? all.slice(beginning.length).trim() : all;
  return html`
    <details class="cause" ref=${(details) => details && copyAs(details.closest('td'), cause)}>
      <summary><${UserText} text=${beginning} /></summary>
      ${rest && html`<p><${UserText} text=${rest} /></p>`}
      ${hint && html`<p><${UserText} text=${sentence(hint)} /></p>`}
    </details>`;
}

function Progress({ job }) {
  const { text } = progressOf(job, useServerNow(isDelayed(job) ? 1000 : null));
  return html`
    <div class="row-progress" title=${text}>
      ${job.status !== 'PENDING' && html`<${ProgressBar} job=${job} label=${`Progress of ${oneLine(job.name)}`} />`}
      <span class="muted">${text}</span>
    </div>`;
}

/** How long a job has worked; counts while it runs. If the server is offline it stops and, if asOf is set, says since when. */
export function WorkTime({ job, asOf = false }) {
  const isRunning = !hasEnded(job) && Boolean(job.started_at);
  return isRunning ? html`<${RunningTime} job=${job} asOf=${asOf} />` : html`${duration(workTime(job))}`;
}

function RunningTime({ job, asOf }) {
  const now = useServerNow(1000);
  const online = useStore(isOnline);
  const ms = workTime(job, now);
  return html`${elapsed(ms)}${asOf && !online && html` <span class="muted">as of ${clock(Math.max(now, job.received_at))}</span>`}`;
}
