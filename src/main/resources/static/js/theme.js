// Before the first paint, so that a dark page never flashes white; hence no module.
try {
  const theme = localStorage.getItem('tinderbox.theme');
  if (theme === 'light' || theme === 'dark') {
    document.documentElement.dataset.theme = theme;
  }
} catch {
  // Storage may be forbidden; the system's theme it is.
}
