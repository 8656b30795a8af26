import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { api } from '../api/api.js';
import { useLoad, useStore } from '../hooks.js';
import { oneLine } from '../lib/text.js';
import { truncate } from '../lib/truncate.js';
import { announce } from '../state/store.js';
import { ErrorNote, RelativeTime, Skeleton, UserText } from './common.js';
import { StatusBadge } from './job-status.js';

const JOBS = 50;
const MAX_LINE = 160;

/** Queries to begin with. */
export function Examples({ examples, onChoose }) {
  return html`
    <details class="queries no-print">
      <summary>Examples</summary>
      <ul class="entries">
        ${examples.map(({ title, value }, n) => html`<li key=${n}><${QueryEntry} title=${title} text=${value} onChoose=${() => onChoose(value)} /></li>`)}
      </ul>
    </details>`;
}

/** The queries that this user has run, the newest first; each once. */
export function QueryHistory({ type, spec, onChoose }) {
  const [isOpen, setOpen] = useState(false);
  return html`
    <details class="queries no-print" onToggle=${(e) => setOpen(e.currentTarget.open)}>
      <summary>Your queries</summary>
      ${isOpen && html`<${Queries} type=${type} spec=${spec} onChoose=${onChoose} />`}
    </details>`;
}

function Queries({ type, spec, onChoose }) {
  // Without authentication, everybody is the same user.
  const user = useStore((s) => s.session?.user ?? undefined);
  const { data, error, loading, reload } = useLoad(
    (signal) => api.jobs({ type: type.type, submitted_by: user, limit: JOBS }, signal),
    [type.type, user],
  );
  if (error) {
    return html`<${ErrorNote} error=${error} retry=${reload} />`;
  }
  if (data === null) {
    return loading && html`<${Skeleton} lines=${3} />`;
  }
  const textOf = (job) => job.params[spec.name];
  const jobs = data.jobs.filter((job, n, all) => all.findIndex((other) => textOf(other) === textOf(job)) === n);
  if (jobs.length === 0) {
    return html`<p class="help">You have not run any yet.</p>`;
  }
  /** The list has only the beginning of a long query. */
  const choose = async (job) => {
    try {
      const whole = job.shortened ? await api.job(job.job_id) : job;
      onChoose(whole.params[spec.name]);
    } catch (failure) {
      announce(failure.message);
    }
  };
  return html`
    <ul class="entries" aria-label="Your queries">
      ${jobs.map(
        (job) => html`
          <li key=${job.job_id}>
            <${QueryEntry} text=${textOf(job)} onChoose=${() => choose(job)}>
              <span class="row"><${StatusBadge} status=${job.status} /> <span class="muted"><${RelativeTime} iso=${job.submitted_at} /></span></span>
            <//>
          </li>`,
      )}
    </ul>`;
}

function QueryEntry({ title, text, onChoose, children }) {
  return html`
    <button type="button" class="entry" onClick=${onChoose}>
      <span class="entry-name">
        ${title && html`<${UserText} text=${title} />`}
        <code class=${title ? 'help' : ''}><${UserText} text=${truncate(oneLine(text), MAX_LINE)} /></code>
      </span>
      ${children}
    </button>`;
}
