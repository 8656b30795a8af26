// A classic script, so that it runs before the first paint: a dark page must not flash white.
try {
  const theme = localStorage.getItem('tinderbox.theme');
  if (theme === 'light' || theme === 'dark') {
    document.documentElement.dataset.theme = theme;
  }
} catch {
  // Storage is forbidden; the system's theme applies.
}
