import { html } from 'htm/preact';
import { clock, duration, elapsed, plural } from '../format.js';
import { memo } from '../memo.js';
import { jobHref } from '../router.js';
import { ended, progressOf, workedFor } from '../status.js';
import { isOnline, useStore } from '../store.js';
import { oneLine } from '../text.js';
import { Foreign } from './common.js';
import { Progress, Status, Time, useServerNow } from './job-parts.js';
import { ShortName } from './names.js';
import { WarningIcon } from './warnings.js';

/** One job in the list; drawn again if that job changes, and for no other. */
export const JobRow = memo(Row);

function Row({ id, ticked, full, onTick }) {
  const job = useStore((s) => s.jobs.get(id));
  const title = useStore((s) => s.jobTypes?.find((type) => type.type === job?.type)?.title);
  if (job === undefined) {
    return null;
  }
  return html`
    <tr>
      <td class="tick">
        <input
          type="checkbox"
          aria-label=${`Compare ${oneLine(job.name)}`}
          checked=${ticked}
          disabled=${full && !ticked}
          onChange=${(e) => onTick(id, e.currentTarget.checked)}
        />
      </td>
      <th scope="row" class="name">
        <a class="job-link" href=${jobHref(id)} aria-label=${job.name}><${ShortName} text=${job.name} /></a>
      </th>
      <td data-label="Type" class="type">${title ?? job.type}</td>
      <td data-label="Status"><span><${Status} status=${job.status} /><${Warned} job=${job} /></span></td>
      <td data-label="Progress" class="progress-cell"><${RowProgress} job=${job} /></td>
      <td data-label="Duration" class="number"><${Ran} job=${job} /></td>
      <td data-label="Submitted by" class="by"><${Foreign} text=${job.submitted_by} /></td>
      <td data-label="Started" class="when"><${Time} iso=${job.started_at} /></td>
    </tr>`;
}

/** That there is something to read about a job; what it is stands in its view. */
function Warned({ job }) {
  const number = job.warnings?.length ?? 0;
  return (
    number > 0 &&
    html`${' '}<span class="status cancelling" title=${plural(number, 'warning')}><${WarningIcon} /><span class="visually-hidden">${plural(number, 'warning')}</span></span>`
  );
}

function RowProgress({ job }) {
  if (ended(job)) {
    return null;
  }
  const { text } = progressOf(job);
  return html`
    <div class="row-progress" title=${text}>
      ${job.status !== 'PENDING' && html`<${Progress} job=${job} label=${`Progress of ${oneLine(job.name)}`} />`}
      <span class="quiet">${text}</span>
    </div>`;
}

/** How long a job has worked; counts while it does and the server is heard. saysWhen: else of when that is. */
export function Ran({ job, saysWhen = false }) {
  const running = !ended(job) && Boolean(job.started_at);
  const now = useServerNow(running ? 1000 : null);
  const online = useStore(isOnline);
  const ms = workedFor(job, now);
  if (!running) {
    return html`${duration(ms)}`;
  }
  return html`${elapsed(ms)}${saysWhen && !online && html` <span class="quiet">as of ${clock(Math.max(now, job.heard_at))}</span>`}`;
}
