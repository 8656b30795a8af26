import { useEffect, useRef } from 'preact/hooks';
import { percent } from '../format.js';
import { ended, progressOf, word } from '../status.js';
import { announce, useStore } from '../store.js';
import { oneLine } from '../text.js';

const VIEW_TITLES = {
  new: 'New job',
  jobs: 'Jobs',
  job: 'Job',
  compare: 'Compare',
  datasets: 'Datasets',
  audit: 'Audit',
  about: 'About',
  lost: 'Not found',
};
const COLOURS = { SUCCEEDED: '#3f9a5a', FAILED: '#d0453b', CANCELLED: '#8f857a' };

/** Keeps the tab's title and icon at what the watched job does, and tells of its end. */
export function useTitle() {
  const { view, id } = useStore((s) => s.route);
  const job = useStore((s) => (view === 'job' ? s.jobs.get(id) : undefined));
  const notify = useStore((s) => s.notify);
  const wasRunning = useRef(null);
  const status = job?.status;
  const fraction = job === undefined || ended(job) ? null : progressOf(job).fraction;
  const done = fraction === null ? null : percent(fraction);
  const title = job === undefined ? VIEW_TITLES[view] : jobTitle(job, done);
  useEffect(() => {
    document.title = `${title} · Tinderbox`;
  }, [title]);
  useEffect(() => {
    document.querySelector('link[rel="icon"]').href = status === undefined ? 'favicon.svg' : icon(status, fraction);
  }, [status, done]);
  useEffect(() => {
    if (job !== undefined && ended(job) && wasRunning.current === id) {
      const message = oneLine(`${word(status)}: ${job.name}`);
      announce(message);
      if (notify === 'granted') {
        tellOutside(message, id);
      }
    }
    wasRunning.current = job !== undefined && !ended(job) ? id : null;
  }, [id, status]);
}

function tellOutside(text, tag) {
  try {
    new Notification(text, { icon: 'favicon.svg', tag });
  } catch {
    // Chrome on Android lets no page do that; the title tells it all the same.
  }
}

/** '42 % · Word count'; a tab shows what it has room for. */
function jobTitle(job, done) {
  return `${done ?? word(job.status)} · ${oneLine(job.name)}`;
}

/** A ring that fills, or a dot in the colour of the end; as an address, for that is what an icon needs. */
function icon(status, fraction) {
  const round = 2 * Math.PI * 12;
  const colour = COLOURS[status] ?? '#e86f2c';
  const part = COLOURS[status] ? 1 : (fraction ?? 0.25);
  const centre = COLOURS[status] ? `<circle cx="16" cy="16" r="8" fill="${colour}"/>` : '';
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">' +
    '<circle cx="16" cy="16" r="12" fill="none" stroke="#8f857a" stroke-opacity=".4" stroke-width="5"/>' +
    `<circle cx="16" cy="16" r="12" fill="none" stroke="${colour}" stroke-width="5" ` +
    `stroke-dasharray="${round * part} ${round}" transform="rotate(-90 16 16)"/>${centre}</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
