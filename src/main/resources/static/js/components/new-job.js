import { html } from 'htm/preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { absoluteUrl } from '../api/api.js';
import { useLoad, useStore } from '../hooks.js';
import { plural } from '../lib/format.js';
import { MAX_JOBS, canHaveSeveral, jobCount, requestOf, severalOf, typeOf, valueOf, withPreset } from '../lib/job-request.js';
import { isOnline } from '../state/connection.js';
import {
  chooseType,
  closeSeveral,
  editLabels,
  editName,
  editParam,
  editSeveral,
  fillLinked,
  openDraft,
  openSeveral,
  resetDraft,
  restoreDraft,
  sourceOf,
} from '../state/job-draft.js';
import { loadJobTypes } from '../state/job-types.js';
import { canSubmit, needsToken } from '../state/session.js';
import { CopyButton, ErrorNote, SampleButton, Skeleton } from './common.js';
import { DatasetPicker } from './dataset-picker.js';
import { loadFields, loadPresets, loadSources, loadSubmission, reloadPage, withTimeout } from './lazy.js';
import { ParamField } from './param-field.js';

/** The kinds of parameters whose controls need width. */
const WIDE = ['text', 'dataset', 'datasets'];

/** The controls by kind; ParamField has all others. */
const FIELDS = { dataset: DatasetPicker, text: LaterField, datasets: LaterField, arguments: LaterField };

let more = null;

/** A control that is loaded when first needed; name says which, if it is not that of a parameter. */
function LaterField({ name = 'MoreField', ...props }) {
  const [, redraw] = useState(more !== null);
  const [error, setError] = useState(null);
  useEffect(() => {
    withTimeout(loadFields()).then(
      (module) => {
        more = module;
        redraw(true);
      },
      setError,
    );
  }, []);
  if (more !== null) {
    return html`<${more[name]} ...${props} />`;
  }
  return error === null ? html`<${Skeleton} lines=${5} />` : html`<${ErrorNote} error=${error} retry=${reloadPage} />`;
}

/** The form of a new job, built from the server's job types. */
export default function NewJob() {
  const jobTypes = useStore((s) => s.jobTypes);
  const error = useStore((s) => s.jobTypesError);
  const query = useStore((s) => s.route.query);
  const from = sourceOf(query);
  const hasDraft = useStore((s) => s.draft !== null);
  const isFirstVisit = useStore((s) => !s.hasSubmitted && canSubmit(s));
  useLayoutEffect(() => {
    openDraft();
    loadJobTypes();
  }, []);
  const fill = useLoad(async (signal) => from && (await withTimeout(loadSources())).fillFrom(from, signal), [from]);
  // What is typed before the form is filled in would be lost.
  const isFilling = useStore((s) => from && s.draft?.from !== from) && fill.loading;
  useEffect(() => {
    if (jobTypes !== null) {
      fillLinked(query, jobTypes);
    }
  }, [query, jobTypes]);
  return html`
    <div class="view-head"><h1 tabindex="-1">New job</h1></div>
    ${isFirstVisit && !from && html`<${FirstVisit} />`}
    ${jobTypes !== null && html`<${Presets} name="PresetBar" id=${query.preset ?? null} />`}
    ${fill.error && html`<${ErrorNote} error=${fill.error} retry=${fill.error.status === 404 ? null : fill.reload} />`}
    ${error && html`<${ErrorNote} error=${error} retry=${loadJobTypes} />`}
    ${jobTypes !== null && hasDraft && !isFilling ? html`<${Form} jobTypes=${jobTypes} />` : !error && html`<${Skeleton} lines=${9} />`}`;
}

/** What the first view does not need of presets. */
function Presets({ name, ...props }) {
  const [module, setModule] = useState(null);
  useEffect(() => {
    withTimeout(loadPresets()).then(setModule, () => {});
  }, []);
  const Part = module?.[name];
  return Part && html`<${Part} ...${props} />`;
}

function FirstVisit() {
  return html`
    <section class="note accent first-visit no-print" aria-label="First visit">
      <div>
        <h2>See it work</h2>
        <p>Count the words of Moby-Dick: there is nothing to choose, and the result takes a moment.</p>
      </div>
      <${SampleButton} />
    </section>`;
}

/** Loaded when first needed. */
const loadSnippets = () => import('../lib/snippets.js');

function Form({ jobTypes }) {
  const draft = useStore((s) => s.draft);
  const online = useStore(isOnline);
  const maySubmit = useStore(canSubmit);
  const withToken = useStore(needsToken);
  const type = typeOf(draft, jobTypes);
  const [problems, setProblems] = useState({});
  const [busy, setBusy] = useState(false);
  const form = useRef(null);
  const isSending = useRef(false);
  const body = withPreset(requestOf(draft, type), draft, type);
  const number = jobCount(body);
  const isSet = body.for_each !== undefined;
  const url = absoluteUrl(isSet ? 'api/v1/run-sets' : 'api/v1/jobs');
  const [snippets, setSnippets] = useState(null);
  const snippet = async (language) => (await loadSnippets())[language](url, body, withToken);
  const showSnippets = () => loadSnippets().then(setSnippets, () => {});

  const send = async (event) => {
    event.preventDefault();
    if (isSending.current || !online || !maySubmit || number > MAX_JOBS) {
      return;
    }
    isSending.current = true;
    setBusy(true);
    setProblems({});
    try {
      const { submitDraft } = await withTimeout(loadSubmission());
      setProblems(await submitDraft(type));
    } catch (error) {
      setProblems({ '': [error] });
    } finally {
      isSending.current = false;
      setBusy(false);
    }
  };
  useLayoutEffect(() => {
    form.current.querySelector('[aria-invalid="true"]')?.focus();
  }, [problems]);

  const reset = () => {
    resetDraft(type.type);
    setProblems({});
  };
  const choose = (name) => {
    chooseType(name);
    setProblems({});
  };
  const onKey = (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      send(event);
    }
  };
  const wide = type.params.filter((spec) => WIDE.includes(spec.kind));
  const others = type.params.filter((spec) => !WIDE.includes(spec.kind));
  const severals = others.filter(canHaveSeveral);
  const hasSeveral = (spec) => severalOf(spec, draft) !== undefined;
  const field = (spec) => {
    const isSeveral = hasSeveral(spec);
    const Field = isSeveral ? LaterField : (FIELDS[spec.kind] ?? ParamField);
    const value = isSeveral ? severalOf(spec, draft) : valueOf(spec, draft);
    return html`
    <${Field}
      key=${`${type.type}/${spec.name}/${draft.from}/${draft.link}/${draft.replaced === null}/${isSeveral}`}
      type=${type}
      spec=${spec}
      value=${value}
      name=${isSeveral ? 'SeveralField' : undefined}
      problems=${problems[`params.${spec.name}`]}
      isRefused=${Object.keys(problems).length > 0}
      onChange=${(changed, isTyped) => (isSeveral ? editSeveral(spec.name, changed) : editParam(spec.name, changed, isTyped))}
      onSeveral=${() => (isSeveral ? closeSeveral([spec]) : openSeveral([spec]))}
    />`;
  };
  return html`
    <form ref=${form} class=${wide.length > 0 ? 'new-job' : 'new-job single'} aria-label="New job" novalidate onSubmit=${send} onKeyDown=${onKey}>
      ${draft.replaced !== null && html`<${Replaced} />`}
      ${jobTypes.length > 1 && html`<${TypeChoice} jobTypes=${jobTypes} chosen=${type} onChoose=${choose} />`}
      <div class="stack data">
        ${jobTypes.length === 1 && html`<p class="muted">${type.description}</p>`}
        ${wide.map(field)}
      </div>
      <div class="stack">
        <div class="panel padded stack">
          <div class="row apart">
            <h2>Parameters</h2>
            ${severals.length > 0 &&
            (severals.some(hasSeveral)
              ? html`<button type="button" class="link-button" onClick=${() => closeSeveral(severals.filter(hasSeveral))}>One value of each</button>`
              : html`<button type="button" class="link-button" onClick=${() => openSeveral(severals)}>Try several values</button>`)}
          </div>
          ${others.map(field)}
          <${ParamField}
            spec=${{ name: 'name', title: 'Name', kind: 'string', help: isSet ? 'Of the run set; optional.' : 'Shown in the list of jobs; optional.' }}
            value=${draft.name}
            problems=${problems.name}
            onChange=${editName}
          />
          ${type.params.some(hasSeveral) &&
          html`<${LaterField} name="SetFields" type=${type} body=${body} labels=${draft.labels} problems=${problems.labels} onLabels=${editLabels} />`}
        </div>
        ${problems[''] && html`<div class="note bad" role="alert">${problems[''].map(({ message }, n) => html`<p key=${n}>${message}</p>`)}</div>`}
        <div class="row">
          <button type="submit" class="button primary" disabled=${!online || !maySubmit || number > MAX_JOBS} aria-disabled=${busy}>${busy ? 'Sending…' : isSet ? `Run ${plural(number, 'job')}` : 'Run job'}</button>
          <${CopyButton} label="Copy as curl" text=${() => snippet('curl')} />
          ${maySubmit && !isSet && html`<${Presets} name="SaveButton" what=${() => body} />`}
          <button type="button" class="button plain" onClick=${reset}>Reset</button>
          ${!maySubmit && html`<span class="help">Your token is read-only. Running jobs needs a submitter's token.</span>`}
          ${!online && html`<span class="help">Offline. The form is kept.</span>`}
        </div>
        <details class="as-code" onToggle=${showSnippets}>
          <summary>The same from a terminal or a script</summary>
          <div class="stack">
            <pre class="code" tabindex="0" role="region" aria-label="Command">${snippets?.curl(url, body, withToken)}</pre>
            <div class="row">
              <${CopyButton} label="Copy as Python" text=${() => snippet('python')} />
              <${CopyButton} label="Copy as R" text=${() => snippet('r')} />
            </div>
          </div>
        </details>
      </div>
    </form>`;
}

function Replaced() {
  return html`
    <div class="note row apart replaced no-print">
      <span>What was filled in here before was not run.</span>
      <button type="button" class="button" onClick=${restoreDraft}>Bring it back</button>
    </div>`;
}

function TypeChoice({ jobTypes, chosen, onChoose }) {
  return html`
    <fieldset class="types">
      <legend>Job type</legend>
      ${jobTypes.map(
        (type) => html`
          <div key=${type.type} class="panel padded check">
            <input
              type="radio"
              name="type"
              id=${`type-${type.type}`}
              aria-describedby=${`type-${type.type}-help`}
              checked=${type === chosen}
              onChange=${() => onChoose(type.type)}
            />
            <label for=${`type-${type.type}`}>${type.title}</label>
            <p class="help" id=${`type-${type.type}-help`}>${type.description}</p>
          </div>`,
      )}
    </fieldset>`;
}
