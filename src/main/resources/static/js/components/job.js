import { html } from 'htm/preact';
import { useEffect } from 'preact/hooks';
import { plural } from '../format.js';
import { TABS, jobHref } from '../router.js';
import { ended, progressOf } from '../status.js';
import { loadJob, loadJobTypes, useStore } from '../store.js';
import { ErrorNote, Foreign, Skeleton, useLoad } from './common.js';
import { Failure } from './failure.js';
import { JobActions } from './job-actions.js';
import { Progress, Status, Time } from './job-parts.js';
import { Ran } from './job-row.js';
import { LogView } from './log-view.js';
import { Parameters } from './parameters.js';
import { Results } from './results.js';
import { Stages } from './stages.js';
import { Warnings } from './warnings.js';

const TAB_VIEWS = { results: Results, log: LogView, stages: Stages, parameters: Parameters };

/** One job: its head, and one of its views. */
export default function Job() {
  const { id } = useStore((s) => s.route);
  const job = useStore((s) => s.jobs.get(id));
  const isGone = useStore((s) => s.goneId === id);
  // The stream tells a job as a list does; its summary comes with the whole.
  const needsWhole = job === undefined || (ended(job) && job.summary === undefined);
  const { error, reload } = useLoad(
    (signal) => (needsWhole && !isGone ? loadJob(id, signal) : null),
    [id, needsWhole, isGone, job?.attempt],
  );
  useEffect(() => {
    loadJobTypes();
  }, []);
  if (isGone) {
    return html`
      <${Head} title="Job not found, or already deleted">
        <div><a class="button" href="#/jobs">All jobs</a></div>
      <//>`;
  }
  const failed = error && html`<${ErrorNote} error=${error} retry=${reload} />`;
  if (job === undefined) {
    return html`
      <${Head} title="Job" />
      ${failed ?? html`<${Skeleton} />`}`;
  }
  return html`
    <${Head} title=${html`<${Foreign} text=${job.name} />`} actions=${html`<${JobActions} job=${job} />`}>
      <${Facts} job=${job} />
      ${!ended(job) && html`<${HeadProgress} job=${job} />`}
      ${job.warnings?.length > 0 && html`<${Warnings} warnings=${job.warnings} />`}
      ${job.status === 'FAILED' && job.error && html`<${Failure} job=${job} />`}
    <//>
    ${failed}
    <${Tabs} id=${id} />
    <${Tab} job=${job} />`;
}

/** The heading is one element from before the job is known, for it has the focus. */
function Head({ title, actions, children }) {
  return html`
    <header class="job-head stack">
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
      <${Status} status=${job.status} />
      <span class="elapsed"><${Ran} job=${job} saysWhen /></span>
      <span class="quiet">${type}</span>
      <span class="quiet">by <${Foreign} text=${job.submitted_by} />, <${Time} iso=${job.submitted_at} /></span>
      ${job.attempt > 1 && html`<span class="quiet">attempt ${job.attempt} of ${job.max_attempts}</span>`}
      ${job.rerun_of && html`<span class="quiet"><a href=${jobHref(job.rerun_of)}>run again from another job</a></span>`}
    </div>`;
}

function HeadProgress({ job }) {
  const { text } = progressOf(job);
  const progress = job.progress;
  const more =
    job.status === 'RUNNING' && progress !== null && progress?.tasks_running > 0
      ? `${plural(progress.tasks_running, 'task')} running`
      : '';
  return html`
    <div class="head-progress">
      <${Progress} job=${job} />
      <div class="row apart help"><span>${text}</span><span>${more}</span></div>
    </div>`;
}

function Tabs({ id }) {
  const { tab } = useStore((s) => s.route);
  return html`
    <nav class="tabs" aria-label="Views of this job">
      ${TABS.map(
        (name) => html`
          <a key=${name} href=${jobHref(id, name)} aria-current=${name === tab ? 'page' : undefined}>
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
