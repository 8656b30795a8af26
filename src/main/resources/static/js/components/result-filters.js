import { html } from 'htm/preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { CONDITIONS, MAX_FILTERS, conditionsOf } from '../lib/result-view.js';
import { STANDARD, listItems, listValue } from '../lib/stop-words.js';
import { oneLine } from '../lib/text.js';
import { truncate } from '../lib/truncate.js';
import { Icon, UserText } from './common.js';

/** Of the name of a column. */
export const MAX_NAME = 40;
const MAX_CHIP = 80;

/** How a value is written. */
const PLACEHOLDERS = { date: '2026-11-30', timestamp: '2026-11-30T12:00:00Z', timestamp_ntz: '2026-11-30T12:00:00' };

/** 'year ≥ 2008' */
export function filterTitle({ column, condition, value }) {
  const { sign = condition, hasValue = true, isList = false } = CONDITIONS[condition] ?? {};
  const shown = isList ? listTitle(value) : value;
  return [column, sign, hasValue && (shown === '' ? '""' : shown)].filter((part) => part !== false).join(' ');
}

function listTitle(value) {
  const items = listItems(value);
  return value === STANDARD ? `${items.length} stop words` : items.join(', ');
}

/** The order in words. */
export function orderText(sorts) {
  const order = sorts.map(({ column, descending }) => `${column}, ${descending ? 'descending' : 'ascending'}`);
  return order.length === 0 ? 'In the order of the result' : `Sorted by ${order.join(', then ')}`;
}

/**
 * The filters and the order of a result, and the form for one more filter.
 *
 * @param {{edited: {column: string|null}|null, onEdit: (edited: {column: string|null}|null) => void,
 *     onCheck: (filter: Object) => Promise<string|null>, onChange: (changes: Object) => void}} props edited is the filter that is being added; its column may not be chosen yet
 */
export function ResultFilters({ columns, filters, sorts, edited, onEdit, onCheck, onChange, children }) {
  const addButton = useRef(null);
  const isFull = filters.length >= MAX_FILTERS;
  const close = () => {
    onEdit(null);
    addButton.current?.focus();
  };
  const add = (filter) => {
    onChange({ filters: [...filters, filter] });
    close();
  };
  const chip = (text, label, onRemove) => html`
    <li key=${text}>
      <span class="filter-chip"><${UserText} text=${truncate(text, MAX_CHIP)} /></span>
      <button type="button" class="button filter" aria-label=${label} onClick=${onRemove}><${Icon} name="cross" /></button>
    </li>`;
  return html`
    <div class="result-filters">
      <ul class="chips" aria-label="Filters and order">
        ${filters.map((filter, n) =>
          chip(filterTitle(filter), `Remove the filter ${oneLine(filterTitle(filter))}`, () =>
            onChange({ filters: filters.toSpliced(n, 1) }),
          ),
        )}
        ${sorts.length > 0 && chip(orderText(sorts), 'Remove the order', () => onChange({ sorts: [] }))}
        <li key="add" class="row no-print">
          <button type="button" class="button filter" ref=${addButton} disabled=${isFull} aria-expanded=${edited !== null} onClick=${() => (edited === null ? onEdit({ column: null }) : close())}>
            <${Icon} name="filter" />Add a filter
          </button>
          ${children}
        </li>
      </ul>
      ${isFull && html`<p class="help">A result takes at most ${MAX_FILTERS} filters.</p>`}
      ${edited && !isFull && html`<${FilterForm} key=${edited.column} columns=${columns} name=${edited.column} onCheck=${onCheck} onAdd=${add} onClose=${close} />`}
    </div>`;
}

function FilterForm({ columns, name, onCheck, onAdd, onClose }) {
  const [column, setColumn] = useState(columns.find((known) => known.name === name) ?? columns[0]);
  const [condition, setCondition] = useState(conditionsOf(column)[0]);
  const [value, setValue] = useState('');
  const [problem, setProblem] = useState(null);
  const isChecking = useRef(false);
  const isOpen = useRef(true);
  useEffect(() => () => (isOpen.current = false), []);
  const form = useRef(null);
  useLayoutEffect(() => {
    form.current.querySelector(name === null ? 'select' : '.filter-value').focus();
  }, []);
  const isBoolean = column.type === 'boolean';
  const filterValue = isBoolean && value === '' ? 'true' : value;
  const { hasValue, isList, isLength } = CONDITIONS[condition];
  const choose = (next) => {
    setColumn(next);
    setValue('');
    if (!conditionsOf(next).includes(condition)) {
      setCondition(conditionsOf(next)[0]);
    }
  };
  const submit = async (event) => {
    event.preventDefault();
    if (isChecking.current) {
      return;
    }
    isChecking.current = true;
    const given = isList ? listValue(filterValue.split(',').map((item) => item.trim())) : filterValue;
    const filter = { column: column.name, condition, value: hasValue ? given : '' };
    const found = await onCheck(filter);
    isChecking.current = false;
    if (!isOpen.current) {
      return;
    }
    setProblem(found);
    if (found === null) {
      onAdd(filter);
    } else {
      form.current.querySelector('.filter-value')?.focus();
    }
  };
  const onKey = (event) => {
    if (event.key === 'Escape') {
      onClose();
    }
  };
  return html`
    <form ref=${form} class="panel filter-form no-print" aria-label="New filter" onSubmit=${submit} onKeyDown=${onKey}>
      <label class="field">
        <span class="label">Column</span>
        <select class="select" value=${column.name} onChange=${(e) => choose(columns[e.currentTarget.selectedIndex])}>
          ${columns.map((known) => html`<option key=${known.name} value=${known.name}>${truncate(oneLine(known.name), MAX_NAME)}</option>`)}
        </select>
      </label>
      <label class="field">
        <span class="label">Condition</span>
        <select class="select" value=${condition} onChange=${(e) => setCondition(e.currentTarget.value)}>
          ${conditionsOf(column).map((each) => html`<option key=${each} value=${each}>${CONDITIONS[each].title}</option>`)}
        </select>
      </label>
      ${hasValue &&
      html`
        <label class="field">
          <span class="label">Value</span>
          ${isBoolean
            ? html`
                <select class="select filter-value" value=${filterValue} onChange=${(e) => setValue(e.currentTarget.value)}>
                  <option value="true">true</option>
                  <option value="false">false</option>
                </select>`
            : html`<input class="input filter-value" type="text" autocomplete="off" dir="auto" aria-invalid=${problem === null ? undefined : 'true'} aria-describedby=${problem === null ? undefined : 'filter-problem'} value=${value} placeholder=${isList ? 'the, of, and' : isLength ? '4' : (PLACEHOLDERS[column.type] ?? '')} onInput=${(e) => setValue(e.currentTarget.value)} />`}
        </label>`}
      <div class="row">
        <button type="submit" class="button primary">Apply</button>
        <button type="button" class="button plain" onClick=${onClose}>Cancel</button>
      </div>
      ${problem !== null && html`<p class="field-error" id="filter-problem"><${UserText} text=${problem} /></p>`}
    </form>`;
}
