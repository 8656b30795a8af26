// Saves a chart as a file. It takes its looks from the style sheet, which a file does not have.

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
const SCALE = 2;
const MARGIN = 16;
const TITLE_HEIGHT = 24;
const NAMESPACE = 'http://www.w3.org/2000/svg';

/** A chart as a document of its own, with its title and a background. */
function documentOf(picture, title) {
  const copy = picture.cloneNode(true);
  const pointedAt = [...copy.querySelectorAll('.at')];
  const [originals, copies] = [picture, copy].map((root) => [...root.querySelectorAll('*')]);
  originals.forEach((original, n) => {
    const style = getComputedStyle(original);
    PROPERTIES.forEach((property) => copies[n].setAttribute(property, style.getPropertyValue(property)));
    copies[n].removeAttribute('class');
  });
  pointedAt.forEach((mark) => mark.remove());
  const [width, height] = ['width', 'height'].map((side) => Number(picture.getAttribute(side)));
  const svg = document.createElementNS(NAMESPACE, 'svg');
  const [fullWidth, fullHeight] = [width + 2 * MARGIN, height + 2 * MARGIN + TITLE_HEIGHT];
  setAll(svg, { width: fullWidth, height: fullHeight, viewBox: `0 0 ${fullWidth} ${fullHeight}` });
  const body = getComputedStyle(document.body);
  const background = svg.appendChild(document.createElementNS(NAMESPACE, 'rect'));
  setAll(background, { width: '100%', height: '100%', fill: getComputedStyle(picture.closest('.panel')).backgroundColor });
  const heading = svg.appendChild(document.createElementNS(NAMESPACE, 'text'));
  setAll(heading, { x: MARGIN, y: MARGIN + 14, fill: body.color, 'font-family': body.fontFamily, 'font-size': 15, 'font-weight': 600 });
  heading.textContent = title;
  const group = svg.appendChild(document.createElementNS(NAMESPACE, 'g'));
  group.setAttribute('transform', `translate(${MARGIN} ${MARGIN + TITLE_HEIGHT})`);
  group.append(...copy.childNodes);
  return { text: new XMLSerializer().serializeToString(svg), width: fullWidth, height: fullHeight };
}

function setAll(element, attributes) {
  Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
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

export function saveSvg(picture, title) {
  download(new Blob([documentOf(picture, title).text], { type: 'image/svg+xml' }), fileName(title, 'svg'));
}

/** @throws {Error} if the browser cannot draw it */
export async function savePng(picture, title) {
  const { text, width, height } = documentOf(picture, title);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = Object.assign(document.createElement('canvas'), { width: width * SCALE, height: height * SCALE });
  canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
  download(blob, fileName(title, 'png'));
}
