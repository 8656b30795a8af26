// Loads modules when they are first needed.

const TIMEOUT_MS = 20_000;

let styles = null;

/** Loads the styles of all views but the first. */
function loadStyles() {
  styles ??= new Promise((resolve) => {
    const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: 'css/views.css' });
    // A view without styles is better than none.
    link.onload = link.onerror = resolve;
    document.head.append(link);
  });
  return styles;
}

/** Loads a module and the styles that it needs. */
export const styled = (load) => () => Promise.all([load(), loadStyles()]).then(([module]) => module);

/** Loads a view with tables, and what makes them copy well. */
export const tabular = (load) => styled(() => Promise.all([load(), import('./table-copy.js')]).then(([module]) => module));

/** Loads the controls of parameters that the form of the first view does not have. */
export const loadFields = styled(() => import('./more-fields.js'));

/** Loads saved presets. */
export const loadPresets = styled(() => import('./presets.js'));

/** What submits the form. */
export const loadSubmission = () => import('../state/submission.js');

/** What fills the form in from a job, a run set or a preset. */
export const loadSources = () => import('../state/draft-sources.js');

/** Rejects with an error to show if a module is not loaded in time: the browser itself would wait without a limit. */
export function withTimeout(loading) {
  return Promise.race([loading, new Promise((_, reject) => setTimeout(reject, TIMEOUT_MS))]).catch(() => {
    throw new Error('This part of the page could not be loaded. Check that the server runs.');
  });
}

/** Browsers may not retry a module that failed to load. */
export function reloadPage() {
  location.reload();
}
