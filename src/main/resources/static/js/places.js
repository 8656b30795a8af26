// Where the reader was in each view of the history, so that Back returns there.

const KEY = 'tinderbox.places';
/** Farther back nobody goes; what is kept is small in any case. */
const MOST = 100;
const GIVE_UP_MS = 10_000;
const READER = ['wheel', 'touchstart', 'pointerdown', 'keydown'];

const places = new Map(kept());
let entry = null;
let known = null;
let stop = () => {};

function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) ?? [];
  } catch {
    return [];
  }
}

/** Takes the place of what browsers do themselves, which is too early: a view's content comes later. */
export function startPlaces() {
  history.scrollRestoration = 'manual';
  addEventListener('pagehide', () => {
    note(null);
    try {
      sessionStorage.setItem(KEY, JSON.stringify([...places]));
    } catch {
      // It works without, only not over a reload.
    }
  });
}

/** Another step of the history is shown: notes where the last was left. To be called before anything is drawn. */
export function moved() {
  note(location.hash);
  stop();
  entry = history.state?.entry ?? null;
  if (entry === null) {
    entry = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
    history.replaceState({ entry }, '');
  }
  known = places.get(entry) ?? null;
  return entry;
}

/** @param {string|null} opened the link that the reader followed from there */
function note(opened) {
  if (entry !== null) {
    places.delete(entry);
    places.set(entry, { y: Math.round(scrollY), opened });
    if (places.size > MOST) {
      places.delete(places.keys().next().value);
    }
  }
}

/** Whether the reader has been at this step of the history before. */
export function isReturn() {
  return known !== null;
}

/** Returns to where the reader was, as soon as the view is long enough, unless they go elsewhere meanwhile. */
export function returnToPlace() {
  const { y, opened } = known;
  stop();
  const go = () => {
    scrollTo(0, y);
    const link = [...document.querySelectorAll('main a')].find((a) => a.getAttribute('href') === opened);
    // Keys go on from where the reader was.
    link?.focus({ preventScroll: true });
    if (Math.abs(scrollY - y) < 2 && (link || opened === null)) {
      stop();
    }
  };
  const grown = new ResizeObserver(go);
  const timer = setTimeout(() => stop(), GIVE_UP_MS);
  stop = () => {
    grown.disconnect();
    clearTimeout(timer);
    READER.forEach((type) => removeEventListener(type, stop));
    stop = () => {};
  };
  READER.forEach((type) => addEventListener(type, stop, { passive: true }));
  grown.observe(document.body);
  go();
}
