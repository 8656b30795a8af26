import { html } from 'htm/preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { address } from '../api.js';
import { clearDraft, editDraft, editParam, fillFrom, fillInput, openDraft, sendDraft } from '../draft.js';
import { bodyOf, problemsOf, typeOf, valueOf } from '../request.js';
import { isOnline, loadJobTypes, maySend, useStore, wantsToken } from '../store.js';
import { CopyButton, ErrorNote, Skeleton, useLoad } from './common.js';
import { DatasetPicker } from './dataset-picker.js';
import { ParamField } from './param-field.js';
import { SampleButton } from './sample-button.js';

/** The form of a new job, drawn from what the server says can be run. */
export default function NewJob() {
  const jobTypes = useStore((s) => s.jobTypes);
  const error = useStore((s) => s.jobTypesError);
  const from = useStore((s) => s.route.query.from);
  const input = useStore((s) => s.route.query.input);
  const hasDraft = useStore((s) => s.draft !== undefined);
  const hasRun = useStore((s) => s.hasRun || !maySend(s));
  useLayoutEffect(() => {
    openDraft();
    loadJobTypes();
  }, []);
  const fill = useLoad((signal) => from && fillFrom(from, signal), [from]);
  // What is written before it is filled would be lost.
  const waits = useStore((s) => from && s.draft?.from !== from) && fill.loading;
  useEffect(() => {
    const dataset = jobTypes?.flatMap((type) => type.params).find((spec) => spec.kind === 'dataset');
    if (input && dataset) {
      fillInput(dataset.name, input);
    }
  }, [input, jobTypes]);
  return html`
    <div class="view-head"><h1 tabindex="-1">New job</h1></div>
    ${!hasRun && !from && html`<${FirstVisit} />`}
    ${fill.error && html`<${ErrorNote} error=${fill.error} retry=${fill.reload} />`}
    ${error && html`<${ErrorNote} error=${error} retry=${loadJobTypes} />`}
    ${jobTypes !== null && hasDraft && !waits ? html`<${Form} jobTypes=${jobTypes} />` : !error && html`<${Skeleton} lines=${9} />`}`;
}

function FirstVisit() {
  return html`
    <section class="note ember first-visit no-print" aria-label="First visit">
      <div>
        <h2>See it work</h2>
        <p>Count the words of Moby-Dick: nothing to choose, and the result is there in a moment.</p>
      </div>
      <${SampleButton} />
    </section>`;
}

/** How others send the same. No first view waits for it. */
const loadSnippets = () => import('../snippets.js');

function Form({ jobTypes }) {
  const draft = useStore((s) => s.draft);
  const online = useStore(isOnline);
  const may = useStore(maySend);
  const auth = useStore(wantsToken);
  const type = typeOf(draft, jobTypes);
  const [problems, setProblems] = useState({});
  const [busy, setBusy] = useState(false);
  const form = useRef(null);
  const sending = useRef(false);
  const body = bodyOf(draft, type);
  const url = address('api/v1/jobs');
  const [snippets, setSnippets] = useState(null);
  const write = async (language) => (await loadSnippets())[language](url, body, auth);
  useEffect(() => {
    loadSnippets().then(setSnippets, () => {});
  }, []);

  const send = async (event) => {
    event.preventDefault();
    if (sending.current || !online || !may) {
      return;
    }
    sending.current = true;
    setBusy(true);
    setProblems({});
    try {
      await sendDraft(type);
    } catch (error) {
      setProblems(problemsOf(error, type));
    } finally {
      sending.current = false;
      setBusy(false);
    }
  };
  useLayoutEffect(() => {
    form.current.querySelector('[aria-invalid="true"]')?.focus();
  }, [problems]);

  const reset = () => {
    clearDraft();
    setProblems({});
  };
  const onKey = (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      send(event);
    }
  };
  const datasets = type.params.filter((spec) => spec.kind === 'dataset');
  const others = type.params.filter((spec) => spec.kind !== 'dataset');
  const field = (spec, Component) => html`
    <${Component}
      key=${`${type.type}/${spec.name}/${draft.from}/${draft.input}`}
      spec=${spec}
      value=${valueOf(spec, draft)}
      problem=${problems[`params.${spec.name}`]}
      onChange=${(value) => editParam(spec.name, value)}
    />`;
  return html`
    <form ref=${form} class=${datasets.length > 0 ? 'new-job' : 'new-job single'} aria-label="New job" novalidate onSubmit=${send} onKeyDown=${onKey}>
      ${jobTypes.length > 1 && html`<${TypeChoice} jobTypes=${jobTypes} chosen=${type} />`}
      <div class="stack data">
        ${jobTypes.length === 1 && html`<p class="quiet">${type.description}</p>`}
        ${datasets.map((spec) => field(spec, DatasetPicker))}
      </div>
      <div class="stack side">
        <div class="panel padded stack">
          <h2>Parameters</h2>
          ${others.map((spec) => field(spec, ParamField))}
          <${ParamField}
            spec=${{ name: 'name', title: 'Name', kind: 'string', help: 'What the list of jobs calls it; may be left empty.' }}
            value=${draft.name}
            problem=${problems.name}
            onChange=${(name) => editDraft({ name })}
          />
        </div>
        ${problems[''] && html`<div class="note bad" role="alert"><p>${problems['']}</p></div>`}
        <div class="row">
          <button type="submit" class="button primary" disabled=${!online || !may} aria-disabled=${busy}>${busy ? 'Sending…' : 'Run job'}</button>
          <${CopyButton} label="Copy as curl" text=${() => write('curl')} />
          <button type="button" class="button quiet" onClick=${reset}>Reset</button>
          ${!may && html`<span class="help">Your token may only read; jobs take a submitter's.</span>`}
          ${!online && html`<span class="help">Offline; what you wrote is kept.</span>`}
        </div>
        <details class="as-code">
          <summary>The same from a terminal or a script</summary>
          <div class="stack">
            <pre class="code" tabindex="0" role="region" aria-label="Command">${snippets?.curl(url, body, auth)}</pre>
            <div class="row">
              <${CopyButton} label="Copy as Python" text=${() => write('python')} />
              <${CopyButton} label="Copy as R" text=${() => write('r')} />
            </div>
          </div>
        </details>
      </div>
    </form>`;
}

function TypeChoice({ jobTypes, chosen }) {
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
              onChange=${() => editDraft({ type: type.type, params: {} })}
            />
            <label for=${`type-${type.type}`}>${type.title}</label>
            <p class="help" id=${`type-${type.type}-help`}>${type.description}</p>
          </div>`,
      )}
    </fieldset>`;
}
