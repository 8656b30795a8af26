import { html } from 'htm/preact';

const PIECES = /`([^`]+)`|\*\*([^*]+)\*\*|\[([^\]]+)\]\(([^)]+)\)/g;

/** The paragraphs of a text with code, bold words and links: as much of Markdown as the description of the API uses. */
export function Markdown({ text }) {
  return text
    .trim()
    .split(/\n{2,}/)
    .map((paragraph) => html`<p>${pieces(paragraph)}</p>`);
}

function pieces(paragraph) {
  const parts = [];
  let end = 0;
  for (const match of paragraph.matchAll(PIECES)) {
    const [whole, code, bold, label, href] = match;
    parts.push(paragraph.slice(end, match.index));
    if (code !== undefined) {
      parts.push(html`<code>${code}</code>`);
    } else {
      parts.push(bold !== undefined ? html`<strong>${bold}</strong>` : html`<a href=${href}>${label}</a>`);
    }
    end = match.index + whole.length;
  }
  return [...parts, paragraph.slice(end)];
}
