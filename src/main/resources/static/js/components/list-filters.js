import { html } from 'htm/preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { api } from '../api/api.js';
import { useStore } from '../hooks.js';
import { count } from '../lib/format.js';
import { ORDERS, ORIGINS, TIMES, dateField, foldedFilters, isFiltered, labelText, toggled } from '../lib/job-filters.js';
import { STATUSES, statusLabel } from '../lib/job-status.js';
import { valuesOf } from '../lib/router.js';
import { capitalized, oneLine } from '../lib/text.js';
import { listHref, narrow } from '../state/list-route.js';
import { needsToken, seesOnlyOwn } from '../state/session.js';
import { state } from '../state/store.js';
import { Icon, UserText } from './common.js';
import { SearchBox } from './search-box.js';

const LABEL = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,62}(:.*)?$/;

/** The filters of the list of jobs; on a phone, most of them only once a button is pressed. */
export function ListFilters({ query, list }) {
  const [isOpen, setOpen] = useState(false);
  const [values, loadValues] = useFilterValues();
  const toggle = () => {
    loadValues();
    setOpen(!isOpen);
  };
  return html`
    <div class="stack filter-rows no-print">
      <div class="filters">
        <${SearchBox}
          label="Search jobs"
          placeholder="Search name, dataset or cause"
          q=${query.q ?? ''}
          onSearch=${(q) => narrow({ q })}
        />
        <${StatusFilter} query=${query} counts=${list?.counts ?? null} />
      </div>
      <button type="button" class="button more-button" aria-expanded=${isOpen} onClick=${toggle}>
        <${Icon} name="filter" />Filters and order
      </button>
      <div
        class=${isOpen ? 'filters more open' : 'filters more'}
        role="group"
        aria-label="More filters"
        onpointerenter=${loadValues}
        onfocusin=${loadValues}
      >
        <${MoreFilters} query=${query} values=${values} />
      </div>
      <${Chosen} query=${query} />
    </div>`;
}

function StatusFilter({ query, counts }) {
  const chosen = valuesOf(query.status);
  const all = counts === null ? null : Object.values(counts).reduce((sum, n) => sum + Number(n), 0);
  const button = (label, number, isPressed, onClick) => html`
    <button key=${label} type="button" class="button filter" aria-pressed=${isPressed} onClick=${onClick}>
      ${label} <span class="muted">${number === null ? '' : count(number)}</span>
    </button>`;
  const toggle = (status) => () => narrow({ status: toggled(state.route.query.status, status) });
  // Few jobs ever have this status.
  const shown = STATUSES.filter((s) => s !== 'CANCELLING' || counts?.[s] > 0 || chosen.includes(s));
  return html`
    <div class="row" role="group" aria-label="Status">
      ${button('All', all, chosen.length === 0, () => narrow({ status: '' }))}
      ${shown.map((status) => button(statusLabel(status), counts?.[status] ?? null, chosen.includes(status), toggle(status)))}
    </div>`;
}

const FRESH_MS = 10_000;

/** The submitters and labels to offer, and a function that loads them, because most readers of the list do not filter it. */
function useFilterValues() {
  const [values, setValues] = useState({ submitters: [], labels: [] });
  const loadedAt = useRef(-Infinity);
  const load = () => {
    if (performance.now() - loadedAt.current > FRESH_MS) {
      loadedAt.current = performance.now();
      // Without them, any value can still be typed.
      api.jobFilters().then(setValues, () => {});
    }
  };
  return [values, load];
}

function MoreFilters({ query, values }) {
  const types = useStore((s) => s.jobTypes);
  const hasOthers = useStore((s) => !seesOnlyOwn(s));
  return html`
    <${Select} label="Type" value=${query.type} all="Any type" onChoose=${(type) => narrow({ type })}
      options=${withValue((types ?? []).map(({ type, title }) => [type, title]), query.type)} />
    ${hasOthers && html`<${SubmitterSelect} query=${query} submitters=${values.submitters} />`}
    <${TimeSelect} query=${query} />
    <${LabelField} query=${query} labels=${values.labels} />
    <span class="order">
      <${Select} label="Order" value=${query.sort} onChoose=${(sort) => narrow({ sort })}
        options=${Object.entries(ORDERS).map(([sort, text]) => [sort, capitalized(text)])} />
    </span>
    <${ClearAll} query=${query} />`;
}

/** The chosen value is always among the options. */
function withValue(options, value, title = value) {
  return !value || options.some(([other]) => other === value) ? options : [...options, [value, title]];
}

function Select({ label, value = '', all, options, onChoose }) {
  return html`
    <select class=${value ? 'select chosen' : 'select'} aria-label=${label} value=${value} onChange=${(e) => onChoose(e.currentTarget.value)}>
      ${all && html`<option value="">${all}</option>`}
      ${options.map(([option, title]) => html`<option key=${option} value=${option}>${oneLine(title)}</option>`)}
    </select>`;
}

/** Names begin with a mark, so that one is never taken for "me" or "other". */
const NAME = '@';

/** More are not found in a list of choices, but by typing. */
const MAX_NAMES = 50;

function SubmitterSelect({ query, submitters }) {
  const hasNames = useStore(needsToken);
  const [isTyping, setTyping] = useState(false);
  const me = hasNames ? [['me', 'Mine']] : [];
  const value = query.mine ? 'me' : query.by && NAME + query.by;
  const names = submitters.slice(0, MAX_NAMES).sort().map((name) => [NAME + name, name]);
  const options = [...me, ...withValue(names, query.by && NAME + query.by, query.by), ['other', 'Another name…']];
  const choose = (chosen) => {
    setTyping(chosen === 'other');
    if (chosen !== 'other') {
      narrow({ mine: chosen === 'me' ? 'yes' : null, by: chosen.startsWith(NAME) ? chosen.slice(NAME.length) : null });
    }
  };
  return html`
    <${Select} label="Submitted by" value=${isTyping ? 'other' : value} all="Anyone" options=${options} onChoose=${choose} />
    ${isTyping && html`<${NameField} submitters=${submitters} onName=${(name) => choose(NAME + name)} />`}`;
}

function NameField({ submitters, onName }) {
  const input = useRef(null);
  useLayoutEffect(() => input.current.focus(), []);
  const change = () => {
    const name = input.current.value.trim();
    if (name !== '') {
      onName(name);
    }
  };
  return html`
    <span class="label-field">
      <input ref=${input} class="input" aria-label="Name of the submitter" placeholder="Name" list="known-submitters" maxlength="64" onChange=${change} />
      <datalist id="known-submitters">${submitters.map((name) => html`<option key=${name} value=${name} />`)}</datalist>
    </span>`;
}

function TimeSelect({ query }) {
  const hasDays = Boolean(query.from || query.to);
  const choose = (time) =>
    narrow(time === 'days' ? { time: null, from: dateField(new Date()) } : { time, from: null, to: null });
  const field = (name, label) => html`
    <label class="row">${label}
      <input class="input date" type="date" value=${query[name] ?? ''} onChange=${(e) => narrow({ time: null, [name]: e.currentTarget.value })} />
    </label>`;
  return html`
    <${Select}
      label="Submitted"
      value=${hasDays ? 'days' : query.time}
      all="Any time"
      options=${[...Object.entries(TIMES), ['days', 'From … to …']]}
      onChoose=${choose}
    />
    ${hasDays && html`${field('from', 'From')}${field('to', 'to')}`}`;
}

function LabelField({ query, labels }) {
  const [text, setText] = useState('');
  const isWrong = text !== '' && !LABEL.test(text);
  const add = () => {
    if (text !== '' && !isWrong) {
      const chosen = valuesOf(state.route.query.label);
      narrow({ label: chosen.includes(text) ? chosen : [...chosen, text] });
      setText('');
    }
  };
  const submit = (event) => {
    event.preventDefault();
    add();
  };
  const free = labels.filter((label) => !valuesOf(query.label).includes(label));
  return html`
    <form class="label-field" onSubmit=${submit}>
      <input
        class="input"
        aria-label="Label"
        placeholder="Label, or label:value"
        list="known-labels"
        maxlength="320"
        value=${text}
        aria-invalid=${isWrong}
        onInput=${(e) => setText(e.currentTarget.value)}
        onChange=${add}
      />
      <datalist id="known-labels">${free.map((label) => html`<option key=${label} value=${label} />`)}</datalist>
    </form>`;
}

/** A link to the whole list in the same order. */
function ClearAll({ query, class: extra = '' }) {
  return isFiltered(query) && html`<a class=${`button filter ${extra}`} href=${listHref({}, { sort: query.sort })}>Clear all</a>`;
}

/** The filters that no control shows, each with a link that removes it; on a phone also those that are folded away. */
function Chosen({ query }) {
  const types = useStore((s) => s.jobTypes);
  const labels = valuesOf(query.label);
  const origins = Object.keys(ORIGINS).filter((name) => query[name]);
  const folded = foldedFilters(query, types ?? []);
  const isShown = labels.length + origins.length > 0;
  if (!isShown && folded.length === 0 && !isFiltered(query)) {
    return null;
  }
  return html`
    <div class=${isShown ? 'row chosen' : 'row chosen folded'} role="group" aria-label="Chosen filters">
      ${labels.map((label) => html`
        <${Chip} key=${label} text=${labelText(label)} href=${listHref(query, { label: labels.filter((other) => other !== label) })} />`)}
      ${origins.map((name) => html`<${Chip} key=${name} text=${`${ORIGINS[name]} ${query[name]}`} href=${listHref(query, { [name]: null })} />`)}
      ${folded.map(([text, changes]) => html`<${Chip} key=${text} class="folded" text=${text} href=${listHref(query, changes)} />`)}
      <${ClearAll} query=${query} class="folded" />
    </div>`;
}

function Chip({ text, href: link, class: extra = '' }) {
  return html`
    <a class=${`button filter ${extra}`} aria-label=${oneLine(`Remove the filter ${text}`)} href=${link}>
      <${UserText} text=${text} /><${Icon} name="cross" />
    </a>`;
}
