// What is copied out of a table: each row is a line and each cell a field, however narrow the window has drawn them.
// Listens from when it is loaded.

const CONTROLS = 'button, input, a.button, .visually-hidden';

document.addEventListener('copy', (event) => {
  const text = event.defaultPrevented ? null : selectedRows(getSelection());
  if (text !== null) {
    event.clipboardData.setData('text/plain', text);
    event.preventDefault();
  }
});

/** The selected cells of a table as lines with tabs; null for what is selected elsewhere, or within one cell. */
function selectedRows(selection) {
  if (selection.isCollapsed || selection.rangeCount === 0) {
    return null;
  }
  const range = selection.getRangeAt(0);
  const { commonAncestorContainer: node } = range;
  const table = (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement).closest('table');
  const selected = table === null ? [] : [...table.querySelectorAll('th, td')].filter((cell) => range.intersectsNode(cell));
  if (selected.length < 2) {
    return null;
  }
  const rows = new Set(selected.map((cell) => cell.parentElement));
  return [...rows]
    .map((row) => selected.filter((cell) => cell.parentElement === row).flatMap(field).join('\t'))
    .join('\n');
}

/** The text of a cell, if it has one; a cell of nothing but buttons is no field. */
function field(cell) {
  const copy = cell.cloneNode(true);
  for (const control of copy.querySelectorAll(CONTROLS)) {
    control.remove();
  }
  const text = copy.textContent.replace(/\s+/g, ' ').trim();
  return text === '' && cell.firstElementChild !== null ? [] : [text];
}
