// Saves a chart as a file. It takes its looks from the style sheet, which a file does not have.

import { oneLine } from '../lib/text.js';
import { truncate, truncateToWidth } from '../lib/truncate.js';
import { textMeasurer } from './text-width.js';

const PROPERTIES = [
  'fill',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
  'dominant-baseline',
];
const MIN_SCALE = 2;
/** Browsers draw no larger pictures; some phones none with more pixels. */
const MAX_SIDE = 8_192;
const MAX_PIXELS = 16_000_000;
const MARGIN = 16;
const TITLE_SIZE = 15;
const TITLE_HEIGHT = 24;
const NAME_SIZE = 13;
const NAME_HEIGHT = 22;
const MAX_TITLE = 100;
const NAMESPACE = 'http://www.w3.org/2000/svg';
/** XML has no way to write these. */
const NOT_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/**
 * One or several charts as a document of their own, with its title and a background.
 *
 * @param {Element} shown an SVG, or an element with some, which are placed as they are in it, each below its data-title
 * @param {string} title
 * @param {number} [minScale] how many pixels each has at least, as far as possible
 */
function documentOf(shown, title, minScale = 1) {
  const isOne = shown.tagName === 'svg';
  const pictures = isOne ? [shown] : [...shown.querySelectorAll('svg[role="img"]')];
  const place = shown.getBoundingClientRect();
  const heading = truncate(oneLine(title), MAX_TITLE);
  // Bold letters are wider than those that are measured.
  const width = Math.ceil(Math.max(isOne ? sizeOf(shown)[0] : place.width, textMeasurer(TITLE_SIZE)(heading) * 1.15)) + 2 * MARGIN;
  const height = Math.ceil(isOne ? sizeOf(shown)[1] : place.height + NAME_HEIGHT) + 2 * MARGIN + TITLE_HEIGHT;
  const scale = Math.min(minScale, MAX_SIDE / Math.max(width, height), Math.sqrt(MAX_PIXELS / (width * height)));
  const svg = element('svg', { width: width * scale, height: height * scale, viewBox: `0 0 ${width} ${height}` });
  const body = getComputedStyle(document.body);
  const text = (content, x, y, size) => {
    const attributes = { x, y, fill: body.color, 'font-family': body.fontFamily, 'font-size': size, 'font-weight': 600, direction: 'ltr' };
    const added = svg.appendChild(element('text', attributes));
    added.textContent = content;
  };
  svg.append(element('rect', { width: '100%', height: '100%', fill: getComputedStyle(shown.closest('.panel') ?? document.body).backgroundColor }));
  text(heading, MARGIN, MARGIN + 14, TITLE_SIZE);
  for (const picture of pictures) {
    const at = picture.getBoundingClientRect();
    const [x, y] = isOne ? [0, 0] : [at.left - place.left, at.top - place.top + NAME_HEIGHT];
    const group = svg.appendChild(element('g', { transform: `translate(${MARGIN + x} ${MARGIN + TITLE_HEIGHT + y})` }));
    group.append(...copyOf(picture).childNodes);
    if (!isOne) {
      const name = truncateToWidth(oneLine(picture.dataset.title), at.width / 1.1, MAX_TITLE, textMeasurer(NAME_SIZE));
      text(name, MARGIN + x, MARGIN + TITLE_HEIGHT + y - 8, NAME_SIZE);
    }
  }
  const source = new XMLSerializer().serializeToString(svg).replace(NOT_XML, '\ufffd');
  return { source, width: Math.round(width * scale), height: Math.round(height * scale) };
}

function sizeOf(picture) {
  return ['width', 'height'].map((side) => Number(picture.getAttribute(side)));
}

/** A chart with its looks, but without what is pointed at. */
function copyOf(picture) {
  const copy = picture.cloneNode(true);
  const pointedAt = [...copy.querySelectorAll('.at')];
  const [originals, copies] = [picture, copy].map((root) => [...root.querySelectorAll('*')]);
  originals.forEach((original, n) => {
    const style = getComputedStyle(original);
    PROPERTIES.forEach((property) => copies[n].setAttribute(property, style.getPropertyValue(property)));
    ['class', 'href'].forEach((attribute) => copies[n].removeAttribute(attribute));
  });
  pointedAt.forEach((mark) => mark.remove());
  return copy;
}

function element(name, attributes) {
  const created = document.createElementNS(NAMESPACE, name);
  Object.entries(attributes).forEach(([attribute, value]) => created.setAttribute(attribute, value));
  return created;
}

function fileName(title, extension) {
  return `${title.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '').slice(0, 80) || 'chart'}.${extension}`;
}

function download(blob, name) {
  const link = Object.assign(document.createElement('a'), { href: URL.createObjectURL(blob), download: name });
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

export function saveSvg(shown, title) {
  download(new Blob([documentOf(shown, title).source], { type: 'image/svg+xml' }), fileName(title, 'svg'));
}

/** @throws {Error} if the browser cannot draw it */
export async function savePng(shown, title) {
  const { source, width, height } = documentOf(shown, title, Math.max(MIN_SCALE, devicePixelRatio));
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(source)}`;
  await image.decode();
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  canvas.getContext('2d').drawImage(image, 0, 0, width, height);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob === null) {
    throw new Error('The picture is too large');
  }
  download(blob, fileName(title, 'png'));
}
