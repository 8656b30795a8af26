// Copies the selected cells of a table as text with tabs, one line for each row, even if the layout is narrow and shows
// rows as cards. Takes effect when loaded.

/** What is copied of cells that show their value in another form. */
const exactTexts = new WeakMap();

/** Has a cell copied as this text. */
export function copyAs(cell, text) {
  exactTexts.set(cell, text);
}

const CONTROLS = 'button, input, a.button, .visually-hidden';

document.addEventListener('copy', (event) => {
  const text = event.defaultPrevented ? null : selectedRows(getSelection());
  if (text !== null) {
    event.clipboardData.setData('text/plain', text);
    event.preventDefault();
  }
});

/** The selected cells as lines with tabs; null if the selection is outside a table or within one cell. */
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

/** The text of a cell, in an array; empty for a cell that has only controls. */
function field(cell) {
  if (exactTexts.has(cell)) {
    return [quoted(exactTexts.get(cell))];
  }
  const copy = cell.cloneNode(true);
  for (const control of copy.querySelectorAll(CONTROLS)) {
    control.remove();
  }
  const text = copy.textContent.replace(/\s+/g, ' ').trim();
  return text === '' && cell.firstElementChild !== null ? [] : [text];
}

/** As spreadsheets read it: a text with tabs, line breaks or quotes needs quotes. */
function quoted(text) {
  return /[\t\n\r"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
