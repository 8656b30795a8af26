// The frame of all views: header, banner, status region and the open view.

import { html } from 'htm/preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useNow, useStore, useViewFocus } from '../hooks.js';
import { clock, time } from '../lib/format.js';
import { href } from '../lib/router.js';
import { oneLine } from '../lib/text.js';
import { retryNow } from '../state/connection.js';
import { forgetDraft } from '../state/job-draft.js';
import { isAdmin, logOut, needsLogin, refreshSession } from '../state/session.js';
import { announce, saveText } from '../state/store.js';
import { ErrorNote, Skeleton, UserText } from './common.js';
import { loadFields, loadPresets, loadSources, loadSubmission, reloadPage, styled, tabular, withTimeout } from './lazy.js';

/** Each view is its module's default export. It is loaded when first opened, or a moment after the first view. */
const VIEWS = {
  new: () => import('./new-job.js'),
  jobs: tabular(() => import('./jobs.js')),
  job: tabular(() => import('./job.js')),
  'run-sets': tabular(() => import('./run-sets.js')),
  'run-set': tabular(() => import('./run-set.js')),
  compare: tabular(() => import('./compare.js')),
  datasets: tabular(() => import('./datasets.js')),
  audit: tabular(() => import('./audit.js')),
  tokens: tabular(() => import('./tokens.js')),
  about: styled(() => import('./about.js')),
  'not-found': () => import('./not-found.js'),
};

/** What may be needed in any view, but not at first. */
const EXTRAS = {
  fields: loadFields,
  presets: loadPresets,
  sources: loadSources,
  submission: loadSubmission,
  help: styled(() => import('./keyboard-help.js')),
  logIn: () => import('./log-in.js'),
  uploads: () => import('../state/uploads.js'),
  messages: () => import('../api/messages.js'),
  snippets: () => import('../lib/snippets.js'),
};

/** When everything that may be needed later is loaded. */
const PRELOAD_MS = 1_000;
const HALF_A_DAY_MS = 43_200_000;
const THEME_KEY = 'tinderbox.theme';

const NAV = [
  ['new', 'New job'],
  ['jobs', 'Jobs'],
  ['datasets', 'Datasets'],
  ['audit', 'Audit'],
  ['tokens', 'Tokens'],
  ['about', 'About'],
];

const ADMIN_VIEWS = ['audit', 'tokens'];

/** The views to which the list of jobs leads. */
const PARTS_OF_JOBS = ['job', 'compare', 'run-sets', 'run-set'];

export function App() {
  const [Help, setHelp] = useState(null);
  const showHelp = () =>
    EXTRAS.help().then(
      (module) => setHelp(() => module.KeyboardHelp),
      () => announce('The list of shortcuts could not be loaded. Check that the server runs.'),
    );
  return html`
    <${Unseen} onHelp=${showHelp} />
    <a class="skip" href="#main" onClick=${skip}>Skip to the content</a>
    <header class="top">
      <div class="top-inner">
        <a class="brand" href=${href('new')}>
          <img src="favicon.svg" alt="" width="26" height="26" />Tinderbox
        </a>
        <${MainNav} />
        <div class="top-tools">
          <${ConnectionStatus} />
          <${User} />
          <${ThemeChoice} />
          <button type="button" class="button plain" aria-label="Keyboard shortcuts" onClick=${showHelp}>
            ?
          </button>
        </div>
      </div>
    </header>
    <${Banner} />
    <main id="main"><${Main} /></main>
    <${StatusRegion} />
    ${Help && html`<${Help} onClose=${() => setHelp(null)} />`}`;
}

/** The title of the tab and the shortcuts. Nobody sees them, so the form of the first view does not wait for them. */
function Unseen({ onHelp }) {
  const [modules, setModules] = useState([]);
  const isDue = useStore((s) => s.route.view !== 'new' || s.jobTypes !== null || s.jobTypesError !== null);
  useEffect(() => {
    if (isDue) {
      Promise.all([import('./document-title.js'), import('./keyboard-shortcuts.js')]).then(setModules, () => {});
    }
  }, [isDue]);
  return modules.map((module) => html`<${module.default} onHelp=${onHelp} />`);
}

/** A plain link to #main would be a route. */
function skip(event) {
  event.preventDefault();
  document.querySelector('h1')?.focus();
}

function MainNav() {
  const view = useStore((s) => s.route.view);
  const admin = useStore(isAdmin);
  const open = PARTS_OF_JOBS.includes(view) ? 'jobs' : view;
  return html`
    <nav class="main-nav" aria-label="Main">
      ${NAV.filter(([name]) => admin || !ADMIN_VIEWS.includes(name)).map(
        ([name, label]) =>
          html`<a key=${name} href=${href(name)} aria-current=${open === name ? 'page' : undefined}>${label}</a>`,
      )}
    </nav>`;
}

const CONNECTION_LABELS = { connecting: 'Connecting', live: 'Live', polling: 'Polling', offline: 'Offline' };

function ConnectionStatus() {
  const status = useStore((s) => s.connection.status);
  const label = CONNECTION_LABELS[status];
  return label && html`<span class=${`connection ${status}`} title=${label}><span>${label}</span></span>`;
}

/** The user, if authentication is on. */
function User() {
  const session = useStore((s) => s.session);
  if (!session?.auth || session.user === null) {
    return null;
  }
  return html`
    <span class="user" title=${oneLine(description(session))}><${UserText} text=${session.user} /> <span class="muted">${session.role}</span></span>
    <button type="button" class="button plain" onClick=${() => logOut().then(forgetDraft).catch((error) => announce(error.message))}>Log out</button>`;
}

function description({ user, role, sees }) {
  if (sees === null) {
    return `${user}, ${role}`;
  }
  return `${user}, ${role}, sees ${role === 'submitter' ? 'only its own jobs' : `the jobs of ${sees.join(', ')}`}`;
}

function ThemeChoice() {
  const [theme, setTheme] = useState(document.documentElement.dataset.theme ?? 'system');
  const choose = (chosen) => {
    setTheme(chosen);
    if (chosen === 'system') {
      delete document.documentElement.dataset.theme;
    } else {
      document.documentElement.dataset.theme = chosen;
    }
    saveText(THEME_KEY, chosen === 'system' ? null : chosen);
  };
  return html`
    <select class="select" aria-label="Theme" value=${theme} onChange=${(e) => choose(e.currentTarget.value)}>
      <option value="system">System</option>
      <option value="light">Light</option>
      <option value="dark">Dark</option>
    </select>`;
}

/** Says that the shown data may be old, that the server is back, or who logged in. */
function Banner() {
  const connection = useStore((s) => s.connection);
  const justLoggedIn = useStore((s) => s.justLoggedIn && s.session?.user != null);
  const session = useStore((s) => s.session);
  const offline = connection.status === 'offline';
  const now = useNow(offline ? 500 : null);
  if (offline) {
    const seconds = Math.ceil((connection.retryAt - now) / 1000);
    const next = seconds > 0 ? `Retrying in ${seconds} s.` : 'Retrying…';
    return html`
      <section class="banner" aria-label="Notice">
        <span>Offline – showing data ${asOf(connection.lastHeardAt)}. ${next}</span>
        <button type="button" class="button" onClick=${retryNow}>Retry now</button>
      </section>`;
  }
  if (justLoggedIn) {
    return html`<section class="banner back" aria-label="Notice"><span>Logged in as <${UserText} text=${session.user} /> (${session.role})</span></section>`;
  }
  return connection.isBack ? html`<section class="banner back" aria-label="Notice">Reconnected</section>` : null;
}

/** 'from 12:03', with the day if that is more than half a day ago. */
function asOf(ms) {
  return ms === null ? 'from before' : `from ${(Date.now() - ms < HALF_A_DAY_MS ? clock : time)(ms)}`;
}

function StatusRegion() {
  const announcement = useStore((s) => s.announcement);
  return html`<div role="status" class="visually-hidden">${announcement}</div>`;
}

/** The open view, or the login if the server requires one. */
function Main() {
  const session = useStore((s) => s.session);
  const error = useStore((s) => s.sessionError);
  const isLoggedOut = useStore(needsLogin);
  const [LogIn, setLogIn] = useState(null);
  const hasShownLogin = useRef(false);
  useLayoutEffect(() => {
    if (isLoggedOut) {
      hasShownLogin.current = true;
      withTimeout(EXTRAS.logIn()).then((module) => setLogIn(() => module.LogIn), reloadPage);
    }
  }, [isLoggedOut]);
  if (session === null) {
    return error === null ? html`<${Skeleton} />` : html`<h1 tabindex="-1">Tinderbox</h1><${ErrorNote} error=${error} retry=${refreshSession} />`;
  }
  if (isLoggedOut) {
    return LogIn === null ? html`<${Skeleton} />` : html`<${LogIn} />`;
  }
  return html`<${View} key=${`${session.user} ${session.role}`} focusFirst=${hasShownLogin.current} />`;
}

/** The view of the route, once its module is loaded. */
function View({ focusFirst }) {
  const { view, id, entry } = useStore((s) => s.route);
  const [loaded, setLoaded] = useState(null);
  const [error, setError] = useState(null);
  // A layout effect, since the first view's module is preloaded.
  useLayoutEffect(() => {
    let left = false;
    setError(null);
    withTimeout(VIEWS[view]()).then(
      (module) => left || setLoaded({ view, Component: module.default }),
      (failure) => left || setError(failure),
    );
    return () => (left = true);
  }, [view]);
  const isShown = loaded !== null;
  useEffect(() => (isShown ? preloadAll() : undefined), [isShown]);
  useViewFocus(loaded?.view === view ? `${view}/${id}` : null, entry, focusFirst);
  if (error) {
    return html`<h1 tabindex="-1">Tinderbox</h1><${ErrorNote} error=${error} retry=${reloadPage} />`;
  }
  if (loaded?.view !== view) {
    return html`<${Skeleton} />`;
  }
  return html`<${loaded.Component} key=${id ?? view} />`;
}

/** Loads all other views, so that they can be opened while the server is offline; not before the first one, which they would delay. */
function preloadAll() {
  const timer = setTimeout(() => {
    EXTRAS.uploads().then(({ guardUploads }) => guardUploads(), () => {});
    Promise.allSettled([...Object.values(VIEWS), EXTRAS.help, EXTRAS.fields, EXTRAS.messages, EXTRAS.snippets].map((load) => load()));
  }, PRELOAD_MS);
  return () => clearTimeout(timer);
}
