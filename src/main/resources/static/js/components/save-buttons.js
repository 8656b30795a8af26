import { html } from 'htm/preact';
import { announce } from '../state/store.js';
import { Icon } from './common.js';
import { savePng, saveSvg } from './save-picture.js';

/** Saves charts. picture is a reference to an SVG, or to an element with some; name is the title in the file. */
export function SaveButtons({ picture, name }) {
  const failed = () => announce('The picture could not be saved');
  return html`
    <div class="row no-print">
      <button type="button" class="button" onClick=${() => saveSvg(picture.current, name)}><${Icon} name="download" />Save as SVG</button>
      <button type="button" class="button" onClick=${() => savePng(picture.current, name).catch(failed)}><${Icon} name="download" />Save as PNG</button>
    </div>`;
}
