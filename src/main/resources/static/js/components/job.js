import { html } from 'htm/preact';
import { useEffect } from 'preact/hooks';
import { useLoad, useStore } from '../hooks.js';
import { about, plural } from '../lib/format.js';
import { isDelayed, progressOf, readingTimeLeft } from '../lib/job-progress.js';
import { hasEnded, isComplete, isWaiting } from '../lib/job-status.js';
import { queryParam } from '../lib/query-link.js';
import { TABS, href, jobHref, runSetHref } from '../lib/router.js';
import { useServerNow } from '../more-hooks.js';
import { loadJobTypes } from '../state/job-types.js';
import { loadJob } from '../state/jobs.js';
import { ErrorNote, RelativeTime, Skeleton, UserText } from './common.js';
import { Failure } from './failure.js';
import { JobActions } from './job-actions.js';
import { WorkTime } from './job-row.js';
import { ProgressBar, StatusBadge } from './job-status.js';
import { Labels } from './labels.js';
import { LogView } from './log-view.js';
import { Parameters } from './parameters.js';
import { Plan } from './plan.js';
import { Results } from './results.js';
import { Stages } from './stages.js';
import { WaitReason } from './wait-reason.js';
import { Warnings } from './warnings.js';

const TAB_VIEWS = { results: Results, log: LogView, stages: Stages, plan: Plan, parameters: Parameters };

/** One job: its header and one of its tabs. */
export default function Job() {
  const { id } = useStore((s) => s.route);
  const job = useStore((s) => s.jobs.get(id));
  const isMissing = useStore((s) => s.missingJobId === id);
  const isIncomplete = job === undefined || !isComplete(job);
  const { error, reload } = useLoad(
    (signal) => (isIncomplete && !isMissing ? loadJob(id, signal) : null),
    [id, isIncomplete, isMissing, job?.attempt],
  );
  useEffect(() => {
    loadJobTypes();
  }, []);
  if (isMissing) {
    return html`
      <${JobHeader} title="Job not found, or already deleted">
        <div><a class="button" href=${href('jobs')}>All jobs</a></div>
      <//>`;
  }
  const failure = error && html`<${ErrorNote} error=${error} retry=${reload} />`;
  if (job === undefined) {
    return html`
      <${JobHeader} title="Job" />
      ${failure ?? html`<${Skeleton} />`}`;
  }
  return html`
    <${JobHeader} title=${html`<${UserText} text=${job.name} />`} actions=${html`<${JobActions} job=${job} />`}>
      <${Facts} job=${job} />
      <${Labels} labels=${job.labels} />
      ${job.note && html`<${Note} job=${job} />`}
      ${!hasEnded(job) && html`<${HeaderProgress} job=${job} />`}
      ${isWaiting(job) && html`<${WaitReason} who="This job waits" job=${job} />`}
      ${job.warnings?.length > 0 && html`<${Warnings} warnings=${job.warnings} />`}
      ${job.status === 'FAILED' && job.error && html`<${Failure} job=${job} />`}
    <//>
    ${failure}
    <${Tabs} job=${job} />
    <${Tab} job=${job} />`;
}

/** The heading is the same element before and after the job is loaded, so that it keeps the focus. */
function JobHeader({ title, actions, children }) {
  return html`
    <header class="job-header stack">
      <div class="row apart job-title">
        <h1 tabindex="-1">${title}</h1>
        ${actions}
      </div>
      ${children}
    </header>`;
}

function Facts({ job }) {
  const type = useStore((s) => s.jobTypes?.find((known) => known.type === job.type)?.title ?? job.type);
  return html`
    <div class="job-facts" aria-label="Facts" role="group">
      <${StatusBadge} status=${job.status} />
      <span class="elapsed"><${WorkTime} job=${job} asOf /></span>
      <span class="muted">${type}</span>
      <span class="muted">by <${UserText} text=${job.submitted_by} />, <${RelativeTime} iso=${job.submitted_at} /></span>
      ${job.attempt > 1 && html`<span class="muted">attempt ${job.attempt} of ${job.max_attempts}</span>`}
      ${job.run_set && html`<span class="muted"><a href=${runSetHref(job.run_set)}>part of a run set</a></span>`}
      ${job.rerun_of && html`<span class="muted"><a href=${jobHref(job.rerun_of)}>run again from another job</a></span>`}
      ${job.preset && html`<span class="muted"><a href=${href('new', { preset: job.preset })}>from a preset</a></span>`}
    </div>`;
}

/** What somebody has written about the job. */
function Note({ job }) {
  return html`
    <section class="note" aria-label="Note">
      <p class="note-text"><${UserText} text=${job.note} /></p>
      ${job.edited_by && html`<p class="help">edited by <${UserText} text=${job.edited_by} />, <${RelativeTime} iso=${job.edited_at} /></p>`}
    </section>`;
}

function HeaderProgress({ job }) {
  const { text } = progressOf(job, useServerNow(isDelayed(job) ? 1000 : null));
  const progress = job.progress;
  const left = readingTimeLeft(job);
  const isRunning = job.status === 'RUNNING' && progress;
  const more = [
    left !== null && `${about(left)} left to read`,
    isRunning && progress.rows_read > 0 && `${plural(progress.rows_read, 'row')} read`,
    isRunning && progress.tasks_running > 0 && `${plural(progress.tasks_running, 'task')} running`,
  ].filter(Boolean);
  return html`
    <div class="header-progress">
      <${ProgressBar} job=${job} />
      <div class="row apart help"><span>${text}</span><span>${more.join(', ')}</span></div>
    </div>`;
}

function Tabs({ job }) {
  const { tab } = useStore((s) => s.route);
  const hasPlan = useStore((s) => queryParam(s.jobTypes?.find((known) => known.type === job.type)) !== undefined);
  const tabs = TABS.filter((name) => name !== 'plan' || hasPlan || tab === 'plan');
  return html`
    <nav class="tabs" aria-label="Views of this job">
      ${tabs.map(
        (name) => html`
          <a key=${name} href=${jobHref(job.job_id, name)} aria-current=${name === tab ? 'page' : undefined}>
            ${name.charAt(0).toUpperCase() + name.slice(1)}
          </a>`,
      )}
    </nav>`;
}

function Tab({ job }) {
  const { tab } = useStore((s) => s.route);
  const View = TAB_VIEWS[tab];
  return html`<${View} key=${tab} job=${job} />`;
}
