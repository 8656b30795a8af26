import { useEffect, useRef } from 'preact/hooks';
import { useStore } from '../hooks.js';
import { percent } from '../lib/format.js';
import { progressOf } from '../lib/job-progress.js';
import { hasEnded, statusLabel } from '../lib/job-status.js';
import { oneLine } from '../lib/text.js';
import { announce } from '../state/store.js';

const VIEW_TITLES = {
  new: 'New job',
  jobs: 'Jobs',
  job: 'Job',
  'run-sets': 'Run sets',
  'run-set': 'Run set',
  compare: 'Compare',
  datasets: 'Datasets',
  audit: 'Audit',
  tokens: 'Tokens',
  about: 'About',
  'not-found': 'Not found',
};
const END_COLOURS = { SUCCEEDED: '#3f9a5a', FAILED: '#d0453b', CANCELLED: '#8f857a' };
const RUNNING_COLOUR = '#e86f2c';

/** Draws nothing: shows the open job's progress in the tab's title and icon, and announces its end. */
export default function DocumentTitle() {
  const { view, id } = useStore((s) => s.route);
  const job = useStore((s) => (view === 'job' ? s.jobs.get(id) : undefined));
  const mayNotify = useStore((s) => s.notificationPermission === 'granted');
  const runningId = useRef(null);
  const status = job?.status;
  const fraction = job === undefined || hasEnded(job) ? null : progressOf(job).fraction;
  const done = fraction === null ? null : percent(fraction);
  const title = job === undefined ? VIEW_TITLES[view] : `${done ?? statusLabel(status)} · ${oneLine(job.name)}`;
  useEffect(() => {
    document.title = `${title} · Tinderbox`;
  }, [title]);
  useEffect(() => {
    document.querySelector('link[rel="icon"]').href = status === undefined ? 'favicon.svg' : iconUrl(status, fraction);
  }, [status, done]);
  useEffect(() => {
    if (job !== undefined && hasEnded(job) && runningId.current === id) {
      const message = oneLine(`${statusLabel(status)}: ${job.name}`);
      announce(message);
      if (mayNotify) {
        notify(message, id);
      }
    }
    runningId.current = job !== undefined && !hasEnded(job) ? id : null;
  }, [id, status]);
  return null;
}

function notify(text, tag) {
  try {
    new Notification(text, { icon: 'favicon.svg', tag });
  } catch {
    // Chrome on Android does not support this.
  }
}

/** A ring that fills up, or a dot once the job has ended. */
function iconUrl(status, fraction) {
  const end = END_COLOURS[status];
  const colour = end ?? RUNNING_COLOUR;
  const circumference = 2 * Math.PI * 12;
  const filled = circumference * (end ? 1 : (fraction ?? 0.25));
  const dot = end ? `<circle cx="16" cy="16" r="8" fill="${colour}"/>` : '';
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">' +
    '<circle cx="16" cy="16" r="12" fill="none" stroke="#8f857a" stroke-opacity=".4" stroke-width="5"/>' +
    `<circle cx="16" cy="16" r="12" fill="none" stroke="${colour}" stroke-width="5" ` +
    `stroke-dasharray="${filled} ${circumference}" transform="rotate(-90 16 16)"/>${dot}</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
