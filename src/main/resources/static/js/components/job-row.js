import { html } from 'htm/preact';
import { useServerNow, useStore } from '../hooks.js';
import { clock, duration, elapsed, plural } from '../lib/format.js';
import { hasEnded, progressOf, workTime } from '../lib/job-status.js';
import { jobHref } from '../lib/router.js';
import { oneLine } from '../lib/text.js';
import { isOnline } from '../state/connection.js';
import { RelativeTime, UserText } from './common.js';
import { ProgressBar, StatusBadge } from './job-status.js';
import { ShortenedName } from './long-text.js';
import { memo } from './memo.js';
import { WarningIcon } from './warnings.js';

/** One job in the list; redrawn only if that job changes. */
export const JobRow = memo(Row);

function Row({ id, selected, selectionFull, onSelect }) {
  const job = useStore((s) => s.jobs.get(id));
  const title = useStore((s) => s.jobTypes?.find((type) => type.type === job?.type)?.title);
  if (job === undefined) {
    return null;
  }
  return html`
    <tr>
      <td class="select-cell">
        <input
          type="checkbox"
          aria-label=${`Compare ${oneLine(job.name)}`}
          checked=${selected}
          disabled=${selectionFull && !selected}
          onChange=${(e) => onSelect(id, e.currentTarget.checked)}
        />
      </td>
      <th scope="row">
        <a class="job-link" href=${jobHref(id)} aria-label=${job.name}><${ShortenedName} text=${job.name} /></a>
      </th>
      <td data-label="Type" class="type">${title ?? job.type}</td>
      <td data-label="Status"><span><${StatusBadge} status=${job.status} /><${WarningMark} job=${job} /></span></td>
      <td data-label="Progress" class="progress-cell"><${RowProgress} job=${job} /></td>
      <td data-label="Duration" class="number"><${WorkTime} job=${job} /></td>
      <td data-label="Submitted by" class="by"><${UserText} text=${job.submitted_by} /></td>
      <td data-label="Started"><${RelativeTime} iso=${job.started_at} /></td>
    </tr>`;
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
  if (hasEnded(job)) {
    return null;
  }
  const { text } = progressOf(job);
  return html`
    <div class="row-progress" title=${text}>
      ${job.status !== 'PENDING' && html`<${ProgressBar} job=${job} label=${`Progress of ${oneLine(job.name)}`} />`}
      <span class="muted">${text}</span>
    </div>`;
}

/** How long a job has worked; counts while it runs. If the server is offline it stops and, if asOf is set, says since when. */
export function WorkTime({ job, asOf = false }) {
  const isRunning = !hasEnded(job) && Boolean(job.started_at);
  const now = useServerNow(isRunning ? 1000 : null);
  const online = useStore(isOnline);
  const ms = workTime(job, now);
  if (!isRunning) {
    return html`${duration(ms)}`;
  }
  return html`${elapsed(ms)}${asOf && !online && html` <span class="muted">as of ${clock(Math.max(now, job.received_at))}</span>`}`;
}
