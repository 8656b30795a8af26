// The shell: header, banner, the view of the route, the status region, keys.

import { html } from 'htm/preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { announce, askWhoThisIs, chooseTheme, isAdmin, isStranger, logOut, retryNow, useStore } from '../store.js';
import { isReturn, returnToPlace } from '../places.js';
import { href } from '../router.js';
import { oneLine } from '../text.js';
import { ErrorNote, Foreign, Skeleton, asOf, useNow } from './common.js';
import { useKeys } from './keys.js';
import { useTitle } from './title.js';

let styles = null;

/** The looks of all views but the first. */
function loadStyles() {
  styles ??= new Promise((resolve) => {
    const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: 'css/views.css' });
    // Without its looks a view is better than none.
    link.onload = link.onerror = resolve;
    document.head.append(link);
  });
  return styles;
}

/** A module that is not used before its looks are there. */
const styled = (load) => () => Promise.all([load(), loadStyles()]).then(([module]) => module);

/** A view with tables, which can be copied from. */
const tabular = (load) => styled(() => Promise.all([load(), import('../copy.js')]).then(([module]) => module));

/** Each view is loaded when it is first opened or the page has come to rest, and is its module's default. */
const VIEWS = {
  new: () => import('./new-job.js'),
  jobs: tabular(() => import('./jobs.js')),
  job: tabular(() => import('./job.js')),
  compare: tabular(() => import('./compare.js')),
  datasets: tabular(() => import('./datasets.js')),
  audit: tabular(() => import('./audit.js')),
  about: styled(() => import('./about.js')),
  lost: () => import('./lost.js'),
};

/** What no first view needs, but each may once it is there. */
const EXTRAS = {
  help: styled(() => import('./help.js')),
  logIn: () => import('./log-in.js'),
  uploads: () => import('../uploads.js'),
  wording: () => import('../wording.js'),
};

const REST_MS = 1_000;
const TIMEOUT_MS = 20_000;

const NAV = [
  ['new', 'New job'],
  ['jobs', 'Jobs'],
  ['datasets', 'Datasets'],
  ['audit', 'Audit'],
  ['about', 'About'],
];

export function App() {
  const [Help, setHelp] = useState(null);
  const showHelp = () => EXTRAS.help().then((module) => setHelp(() => module.Help), announceLost);
  useKeys(showHelp);
  useTitle();
  return html`
    <a class="skip" href="#main" onClick=${skip}>Skip to the content</a>
    <header class="top">
      <div class="top-inner">
        <a class="brand" href=${href('new')}>
          <img src="favicon.svg" alt="" width="26" height="26" />Tinderbox
        </a>
        <${MainNav} />
        <div class="top-tools">
          <${Connection} />
          <${Me} />
          <${Theme} />
          <button type="button" class="button quiet" aria-label="Keyboard shortcuts" onClick=${showHelp}>
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

function announceLost() {
  announce('The list of keys could not be loaded. Check that the server runs.');
}

/** A link to #main would be taken for a route. */
function skip(event) {
  event.preventDefault();
  document.querySelector('h1')?.focus();
}

function MainNav() {
  const view = useStore((s) => s.route.view);
  const admin = useStore(isAdmin);
  const open = view === 'job' || view === 'compare' ? 'jobs' : view;
  return html`
    <nav class="main-nav" aria-label="Main">
      ${NAV.filter(([name]) => name !== 'audit' || admin).map(
        ([name, label]) =>
          html`<a key=${name} href=${href(name)} aria-current=${open === name ? 'page' : undefined}>${label}</a>`,
      )}
    </nav>`;
}

const CONNECTION_WORDS = { connecting: 'Connecting', live: 'Live', polling: 'Polling', offline: 'Offline' };

function Connection() {
  const status = useStore((s) => s.connection.status);
  const label = CONNECTION_WORDS[status];
  return label && html`<span class=${`connection ${status}`} title=${label}><span>${label}</span></span>`;
}

/** Who this is, where the server wants to know. */
function Me() {
  const me = useStore((s) => s.me);
  if (!me?.auth || me.user === null) {
    return null;
  }
  return html`
    <span class="me" title=${oneLine(`${me.user}, ${me.role}`)}><${Foreign} text=${me.user} /> <span class="quiet">${me.role}</span></span>
    <button type="button" class="button quiet" onClick=${() => logOut().catch((error) => announce(error.message))}>Log out</button>`;
}

function Theme() {
  const theme = useStore((s) => s.theme);
  return html`
    <select class="select" aria-label="Theme" value=${theme} onChange=${(e) => chooseTheme(e.currentTarget.value)}>
      <option value="system">System</option>
      <option value="light">Light</option>
      <option value="dark">Dark</option>
    </select>`;
}

/** Says when what is shown may be old, and when it is no longer. */
function Banner() {
  const connection = useStore((s) => s.connection);
  const hasLoggedIn = useStore((s) => s.hasLoggedIn && s.me?.user != null);
  const me = useStore((s) => s.me);
  const offline = connection.status === 'offline';
  const now = useNow(offline ? 500 : null);
  if (offline) {
    const seconds = Math.ceil((connection.retryAt - now) / 1000);
    const next = seconds > 0 ? `Retrying in ${seconds} s.` : 'Retrying…';
    return html`
      <section class="banner" aria-label="Notice">
        <span>Offline – showing data ${asOf(connection.heardAt)}. ${next}</span>
        <button type="button" class="button" onClick=${retryNow}>Retry now</button>
      </section>`;
  }
  if (hasLoggedIn) {
    return html`<section class="banner back" aria-label="Notice"><span>Logged in as <${Foreign} text=${me.user} /> (${me.role})</span></section>`;
  }
  return connection.isBack ? html`<section class="banner back" aria-label="Notice">Reconnected</section>` : null;
}

function StatusRegion() {
  const announcement = useStore((s) => s.announcement);
  return html`<div role="status" class="visually-hidden">${announcement}</div>`;
}

/** The view of the route; where the server does not know who this is, the way to tell it. */
function Main() {
  const me = useStore((s) => s.me);
  const error = useStore((s) => s.meError);
  const stranger = useStore(isStranger);
  const [LogIn, setLogIn] = useState(null);
  const hasAsked = useRef(false);
  useLayoutEffect(() => {
    if (stranger) {
      hasAsked.current = true;
      inTime(EXTRAS.logIn()).then((module) => setLogIn(() => module.LogIn), reloadPage);
    }
  }, [stranger]);
  if (me === null) {
    return error === null ? html`<${Skeleton} />` : html`<h1 tabindex="-1">Tinderbox</h1><${ErrorNote} error=${error} retry=${askWhoThisIs} />`;
  }
  if (stranger) {
    return LogIn === null ? html`<${Skeleton} />` : html`<${LogIn} />`;
  }
  return html`<${View} key=${`${me.user} ${me.role}`} takesFocus=${hasAsked.current} />`;
}

/** The view of the route, once its module is there. */
function View({ takesFocus }) {
  const { view, id, entry } = useStore((s) => s.route);
  const [loaded, setLoaded] = useState(null);
  const [error, setError] = useState(null);
  // Not after the first drawing: what is preloaded is there by then.
  useLayoutEffect(() => {
    let left = false;
    setError(null);
    inTime(VIEWS[view]()).then(
      (module) => left || setLoaded({ view, Component: module.default }),
      () => left || setError(new Error('This part of the page could not be loaded. Check that the server runs.')),
    );
    return () => (left = true);
  }, [view]);
  useEffect(loadAll, []);
  useFocusOnHeading(loaded?.view === view ? `${view}/${id}` : null, entry, takesFocus);
  if (error) {
    return html`<h1 tabindex="-1">Tinderbox</h1><${ErrorNote} error=${error} retry=${reloadPage} />`;
  }
  if (loaded?.view !== view) {
    return html`<${Skeleton} />`;
  }
  return html`<${loaded.Component} key=${id ?? view} />`;
}

/** A part of the page, or a failure if it does not come: without an end to it, nothing would say so. */
function inTime(loading) {
  return Promise.race([loading, new Promise((_, reject) => setTimeout(reject, TIMEOUT_MS))]);
}

/** Loads what is not open as well, so that it can be opened while the server is away. */
function loadAll() {
  const timer = setTimeout(() => {
    EXTRAS.uploads().then(({ guardUploads }) => guardUploads(), () => {});
    Promise.allSettled([...Object.values(VIEWS), EXTRAS.help, EXTRAS.wording].map((load) => load()));
  }, REST_MS);
  return () => clearTimeout(timer);
}

/** A browser remembers that a module failed, and does not ask for it again. */
function reloadPage() {
  location.reload();
}

/**
 * Moves the focus to the heading of a new view; to that of the first only after logging in. A new view begins at its
 * top, one that the reader returns to where they left it.
 */
function useFocusOnHeading(place, entry, takesFocus) {
  const first = useRef(!takesFocus);
  useLayoutEffect(() => {
    if (place === null) {
      return;
    }
    if (first.current) {
      first.current = false;
      return;
    }
    scrollTo(0, 0);
    document.querySelector('h1')?.focus({ preventScroll: true });
  }, [place]);
  useLayoutEffect(() => {
    if (place !== null && isReturn()) {
      returnToPlace();
    }
  }, [place, entry]);
}
