import { html } from 'htm/preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { api } from '../api/api.js';
import { useLoad, useStore } from '../hooks.js';
import { duration, plural, time } from '../lib/format.js';
import { requestOf, runsPreset, typeOf } from '../lib/job-request.js';
import { hasEnded, statusLabel } from '../lib/job-status.js';
import { href, jobHref } from '../lib/router.js';
import { useWidth } from '../more-hooks.js';
import { isOnline } from '../state/connection.js';
import { fillFromPreset } from '../state/draft-sources.js';
import { go } from '../state/navigation.js';
import { canModify } from '../state/session.js';
import { announce, set, state } from '../state/store.js';
import { ErrorNote, RelativeTime, Skeleton, UserText } from './common.js';
import { ConfirmDialog, Dialog } from './dialog.js';
import { ParamValue } from './param-value.js';
import { SaveButtons } from './save-buttons.js';
import { textMeasurer } from './text-width.js';

/** So many are shown at once; the others unfold. */
const PINNED = 6;
const RUNS = 10;
// In pixels, as in the style sheet.
const BAR_HEIGHT = 64;
const MAX_STEP = 72;
const TEXT_SIZE = 12;
const MAX_NAME = 200;

/** Presets at the top of the form of a new job; id is that of the chosen one, or null. */
export function PresetBar({ id }) {
  const version = useStore((s) => s.presetsVersion);
  const { data } = useLoad((signal) => api.presets(signal), [version]);
  const presets = data?.presets ?? [];
  const user = useStore((s) => s.session?.user);
  const isOwn = (preset) => preset.owner === (user ?? 'local');
  const sorted = [...presets.filter(isOwn), ...presets.filter((preset) => !isOwn(preset))];
  const pinned = sorted.slice(0, PINNED);
  const others = sorted.slice(PINNED);
  const link = (preset) => html`
    <li key=${preset.preset_id}>
      <a class="button preset" href=${href('new', { preset: preset.preset_id })} aria-current=${preset.preset_id === id ? 'true' : undefined}>
        <${UserText} text=${preset.name} />${!isOwn(preset) && html` <span class="muted">by <${UserText} text=${preset.owner} /></span>`}
      </a>
    </li>`;
  return html`
    ${presets.length > 0 &&
    html`
      <nav class="presets no-print" aria-label="Presets">
        <h2 class="label">Presets</h2>
        <ul class="preset-list">${pinned.map(link)}</ul>
        ${others.length > 0 &&
        html`
          <details>
            <summary>${plural(others.length, 'more preset')}</summary>
            <ul class="preset-list">${others.map(link)}</ul>
          </details>`}
      </nav>`}
    ${id !== null && html`<${Chosen} key=${id} id=${id} />`}`;
}

/** Has the list loaded again. */
function listChanged() {
  set({ presetsVersion: state.presetsVersion + 1 });
}

/** The chosen preset: whose it is, what it runs, and its last runs. */
function Chosen({ id }) {
  const { data, error, reload } = useLoad((signal) => api.preset(id, signal), [id]);
  if (error !== null) {
    return error.status === 404 ? null : html`<${ErrorNote} error=${error} retry=${reload} />`;
  }
  if (data === null) {
    return html`<${Skeleton} lines=${3} />`;
  }
  const [preset, etag] = data;
  const changed = () => {
    reload();
    listChanged();
  };
  return html`<${Details} preset=${preset} etag=${etag} onChanged=${changed} />`;
}

function Details({ preset, etag, onChanged }) {
  const draft = useStore((s) => s.draft);
  const jobTypes = useStore((s) => s.jobTypes);
  const online = useStore(isOnline);
  const mayChange = useStore((s) => canModify(s, preset.owner));
  const isOwn = useStore((s) => preset.owner === (s.session?.user ?? 'local'));
  const [dialog, setDialog] = useState(null);
  const [error, setError] = useState(null);
  const type = jobTypes?.find((known) => known.type === preset.type);
  const request = draft !== null && jobTypes !== null ? requestOf(draft, typeOf(draft, jobTypes)) : null;
  const isFilledIn = request === null || type === undefined || runsPreset(preset, request, type);
  const change = async (content, done) => {
    setError(null);
    try {
      await api.changePreset(preset.preset_id, content, etag);
      announce(done);
    } catch (failure) {
      setError(failure);
    }
    onChanged();
  };
  const remove = async () => {
    await api.removePreset(preset.preset_id, etag);
    announce('Preset deleted');
    listChanged();
    go(href('new'));
  };
  return html`
    <section class="panel padded stack chosen-preset no-print" aria-label="Chosen preset">
      <div class="row apart">
        <h2><${UserText} text=${preset.name} /></h2>
        <span class="muted">${type?.title ?? preset.type}, by <${UserText} text=${preset.owner} />, ${preset.shared ? 'shown to everybody' : 'private'}, changed <${RelativeTime} iso=${preset.updated_at} /></span>
      </div>
      ${type === undefined && jobTypes !== null && html`<p class="note bad">You cannot run jobs of this type here.</p>`}
      <details open=${!isOwn}>
        <summary>What it runs</summary>
        <dl class="preset-params">
          ${Object.entries(preset.params).map(([name, value]) => {
            const title = type?.params.find((spec) => spec.name === name)?.title ?? name;
            return html`<div key=${name}><dt>${title}</dt><dd><${ParamValue} value=${value} label=${title} /></dd></div>`;
          })}
        </dl>
      </details>
      <${Runs} preset=${preset} />
      ${error && html`<${ErrorNote} error=${error} />`}
      <div class="row">
        ${!isFilledIn &&
        html`
          <span class="help">The form differs from the preset.</span>
          <button type="button" class="button" onClick=${() => fillFromPreset(preset)}>Fill in the preset again</button>
          ${mayChange && request.for_each === undefined && html`<button type="button" class="button" disabled=${!online} onClick=${() => change({ type: request.type, params: request.params }, 'Preset changed')}>Save the form in the preset</button>`}`}
        ${mayChange &&
        html`
          <button type="button" class="button plain" disabled=${!online} onClick=${() => setDialog('rename')}>Rename</button>
          <button type="button" class="button plain" disabled=${!online} onClick=${() => (preset.shared ? change({ shared: false }, 'The preset is private') : setDialog('share'))}>
            ${preset.shared ? 'Make private' : 'Share'}
          </button>
          <button type="button" class="button plain danger" disabled=${!online} onClick=${() => setDialog('delete')}>Delete</button>`}
      </div>
      ${dialog === 'rename' &&
      html`<${NameDialog} title="Rename this preset" first=${preset.name} onSave=${(content) => api.changePreset(preset.preset_id, content, etag).then(onChanged)} onClose=${() => setDialog(null)} />`}
      ${dialog === 'share' &&
      html`
        <${ConfirmDialog}
          title="Share this preset?"
          action="Share"
          keep="Keep it private"
          isDanger=${false}
          onConfirm=${() => change({ shared: true }, 'The preset is shared')}
          onClose=${() => setDialog(null)}
        >
          <p>Everybody who can use this server sees its name, its parameters with the whole text of a query, and yours.</p>
        <//>`}
      ${dialog === 'delete' &&
      html`
        <${ConfirmDialog} title="Delete this preset?" action="Delete preset" onConfirm=${remove} onClose=${() => setDialog(null)}>
          <p><${UserText} text=${preset.name} />: its jobs stay.</p>
        <//>`}
    </section>`;
}

/** The last runs with their durations, the oldest first. */
function Runs({ preset }) {
  const { data } = useLoad((signal) => api.jobs({ preset: preset.preset_id, limit: RUNS }, signal), [preset.preset_id]);
  if (data === null) {
    return null;
  }
  if (data.jobs.length === 0) {
    return html`<p class="help">No job was run from it yet.</p>`;
  }
  return html`<${RunBars} preset=${preset} jobs=${[...data.jobs].reverse()} total=${data.total} />`;
}

function RunBars({ preset, jobs, total }) {
  const figure = useRef(null);
  const picture = useRef(null);
  const step = Math.min(MAX_STEP, useWidth(figure, 560) / jobs.length);
  const width = step * jobs.length;
  const texts = jobs.map((job) => (job.duration_ms === null ? '–' : duration(job.duration_ms)));
  const textWidths = texts.map(textMeasurer(TEXT_SIZE));
  // Not all of them if there is too little space, but that of the newest.
  const every = Math.ceil((Math.max(...textWidths) + 4) / step);
  const textAt = (n) => Math.min(width - textWidths[n] / 2, Math.max(textWidths[n] / 2, (n + 0.5) * step)) - n * step;
  const longest = Math.max(1, ...jobs.map((job) => job.duration_ms ?? 0));
  const label = (job) =>
    `${time(job.submitted_at)}: ${job.duration_ms === null ? 'not run' : duration(job.duration_ms)}${job.status === 'SUCCEEDED' ? '' : `, ${statusLabel(job.status)}`}`;
  const title = jobs.length === 1 ? 'Its last run' : `Its last ${jobs.length} runs, the newest on the right`;
  return html`
    <figure ref=${figure} class="runs">
      <figcaption class="row apart">
        <span class="label">${title}</span>
        <a href=${href('jobs', { preset: preset.preset_id })}>${plural(total, 'job')}</a>
      </figcaption>
      <svg ref=${picture} class="run-bars" width=${width} height=${BAR_HEIGHT + 22} role="group" aria-label="Durations">
        <defs>
          <pattern id="hatched" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="3" height="6" /></pattern>
        </defs>
        <line class="base" x2=${width} y1=${BAR_HEIGHT + 0.5} y2=${BAR_HEIGHT + 0.5} />
        ${jobs.map((job, n) => {
          const height = Math.max(3, (BAR_HEIGHT * (job.duration_ms ?? 0)) / longest);
          return html`
            <a key=${job.job_id} class=${job.status === 'SUCCEEDED' ? 'run' : hasEnded(job) ? 'run other' : 'run open'} href=${jobHref(job.job_id)} aria-label=${label(job)} transform=${`translate(${n * step} 0)`}>
              <title>${label(job)}</title>
              <rect class="place" width=${step} height=${BAR_HEIGHT + 22} />
              <rect class="bar" x="2" y=${BAR_HEIGHT - height} width=${step - 4} height=${height} />
              ${(jobs.length - 1 - n) % every === 0 && html`<text x=${textAt(n)} y=${BAR_HEIGHT + 16}>${texts[n]}</text>`}
            </a>`;
        })}
      </svg>
      <${SaveButtons} picture=${picture} name=${`${preset.name}: ${jobs.length === 1 ? 'its last run' : `its last ${jobs.length} runs`}`} />
    </figure>`;
}

/** Saves a type and parameters as a preset. what returns {type, params}, also as a promise. */
export function SaveButton({ what }) {
  const online = useStore(isOnline);
  const [open, setOpen] = useState(false);
  const [saved, setSaved] = useState(null);
  const save = async (content) => {
    const { type, params } = await what();
    setSaved(await api.savePreset({ ...content, type, params }));
    listChanged();
    announce('Preset saved');
  };
  return html`
    <button type="button" class="button" disabled=${!online} onClick=${() => setOpen(true)}>Save as preset</button>
    ${open && html`<${NameDialog} title="Save as preset" first="" canShare onSave=${save} onClose=${() => setOpen(false)} />`}
    ${saved !== null && html`<span class="help" role="status">Saved: <a href=${href('new', { preset: saved.preset_id })}><${UserText} text=${saved.name} /></a></span>`}`;
}

/** Asks for the name of a preset, and whether it is shared if canShare. onSave is async; its error is shown here. */
function NameDialog({ title, first, canShare = false, onSave, onClose }) {
  const [name, setName] = useState(first);
  const [shared, setShared] = useState(false);
  const [error, setError] = useState(null);
  const [busy, setBusy] = useState(false);
  const field = useRef(null);
  useLayoutEffect(() => field.current.focus(), []);
  const save = async (event) => {
    event.preventDefault();
    // A form behind the dialog must not be sent, too.
    event.stopPropagation();
    if (busy) {
      return;
    }
    setBusy(true);
    setError(null);
    try {
      await onSave(canShare ? { name, shared } : { name });
      onClose();
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  const problems = error?.errors ?? [];
  const keep = (event) => event.key === 'Enter' && (event.ctrlKey || event.metaKey) && event.stopPropagation();
  return html`
    <${Dialog} title=${title} onClose=${onClose}>
      <form class="stack" onSubmit=${save} onKeyDown=${keep}>
        <div class="field">
          <label for="preset-name">Name</label>
          <input
            id="preset-name"
            class="input"
            ref=${field}
            dir="auto"
            autocomplete="off"
            maxlength=${MAX_NAME}
            required
            value=${name}
            onInput=${(event) => setName(event.currentTarget.value)}
          />
        </div>
        ${canShare &&
        html`
          <div class="check">
            <input id="preset-shared" type="checkbox" checked=${shared} aria-describedby="preset-shared-help" onChange=${(event) => setShared(event.currentTarget.checked)} />
            <label for="preset-shared">Share it</label>
            <p class="help" id="preset-shared-help">Everybody who can use this server then sees what it runs, with the whole text of a query.</p>
          </div>`}
        ${error &&
        html`
          <div class="note bad" role="alert">
            ${problems.length === 0 ? html`<p><${UserText} text=${error.message} /></p>` : problems.map(({ field: of, message }, n) => html`<p key=${n}><${UserText} text=${`${of.replace(/^params\./, '').replaceAll('_', ' ')}: ${message}`} /></p>`)}
          </div>`}
        <div class="dialog-buttons">
          <button type="button" class="button" onClick=${onClose}>${canShare ? 'Do not save' : 'Do not change'}</button>
          <button type="submit" class="button primary" aria-disabled=${busy}>Save</button>
        </div>
      </form>
    <//>`;
}
