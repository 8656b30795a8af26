// From the form of a new job to a request. Pure.

const EMPTY_VALUES = { boolean: false, datasets: [], arguments: {} };

/** Whether a value is one for the control of a kind; a draft may have one of another type's parameter of the same name. */
function fits(value, kind) {
  if (kind === 'datasets' || kind === 'arguments') {
    return typeof value === 'object' && Array.isArray(value) === (kind === 'datasets');
  }
  return typeof value === (kind === 'boolean' ? 'boolean' : 'string');
}

/** The draft's job type; the first if it names none that exists. */
export function typeOf(draft, jobTypes) {
  return jobTypes.find((type) => type.type === draft.type) ?? jobTypes[0];
}

/** What a field shows: what was typed, else the default. */
export function valueOf(spec, draft) {
  const value = draft.params[spec.name];
  return fits(value, spec.kind) ? value : (spec.default ?? EMPTY_VALUES[spec.kind] ?? '');
}

/** The kinds of parameters that can have several values, each for a job of its own. */
const SEVERAL = ['dataset', 'string', 'integer', 'choice', 'boolean'];

export const canHaveSeveral = (spec) => SEVERAL.includes(spec.kind);

/** What the field of a parameter with several values has; undefined if it has the usual field. */
export function severalOf(spec, draft) {
  return canHaveSeveral(spec) ? draft.several?.[spec.name] : undefined;
}

/** A run set has at most so many jobs. */
export const MAX_JOBS = 500;

/**
 * The different values of a field for several.
 *
 * @param {Array|string} entered values, or what was typed: one in each line, or numbers between commas or spaces
 */
export function severalValues({ kind }, entered) {
  const values = Array.isArray(entered) ? entered : entered.split(kind === 'integer' ? /[\s,;]+/ : '\n').map((text) => text.trim());
  return [...new Set(values.filter((value) => value !== '').map((value) => requestValue(value, kind)))];
}

/** What such a field shows: the text. */
export function severalText({ kind }, entered) {
  return Array.isArray(entered) ? entered.join(kind === 'integer' ? ', ' : '\n') : entered;
}

/**
 * The request for a draft, without empty fields: for a run set if a parameter has several values, else for a job. What is not
 * a number, or would be rounded, is sent as text, so that the server reports it at its field.
 */
export function requestOf(draft, type) {
  const params = {};
  const forEach = {};
  for (const spec of type.params) {
    const entered = severalOf(spec, draft);
    const several = entered === undefined ? null : severalValues(spec, entered);
    const value = several === null ? filledIn(valueOf(spec, draft), spec.kind) : (several[0] ?? '');
    if (several?.length > 1) {
      forEach[spec.name] = several;
    } else if (!isEmpty(value) || (several?.length === 0 && spec.kind === 'dataset')) {
      // If none of several datasets is chosen yet, the job must not read the one of the sample.
      params[spec.name] = requestValue(value, spec.kind);
    }
  }
  const name = draft.name.trim();
  const job = name === '' ? { type: type.type, params } : { type: type.type, name, params };
  if (Object.keys(forEach).length === 0) {
    return job;
  }
  const labels = labelsOf(draft.labels ?? '');
  return { ...job, for_each: forEach, ...(Object.keys(labels).length > 0 && { labels }) };
}

/** How many jobs a request makes: one for each combination of the values. */
export function jobCount({ for_each: forEach = {} }) {
  return Object.values(forEach).reduce((product, values) => product * values.length, 1);
}

/** The labels in a text that has a line for each, 'key' or 'key: value'. */
export function labelsOf(text) {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return Object.fromEntries(lines.map((line) => /^([^:]*):?(.*)$/.exec(line).slice(1).map((part) => part.trim())));
}

/** The text for labels, see labelsOf. */
export function labelsText(labels) {
  return Object.entries(labels).map(([key, value]) => (value === '' ? key : `${key}: ${value}`)).join('\n');
}

/** The request as one of the preset that its draft was filled from, if it still is that. */
export function withPreset(request, { preset }, type) {
  return preset && runsPreset(preset, request, type) ? { ...request, preset: preset.preset_id } : request;
}

/** Whether a request runs what a preset says. */
export function runsPreset(preset, request, type) {
  const value = (spec, params) => params[spec.name] ?? spec.default ?? null;
  return (
    preset.type === request.type &&
    request.for_each === undefined &&
    type.params.every((spec) => sameValue(value(spec, preset.params), value(spec, request.params)))
  );
}

/** Whether a value is that of a field that nobody filled in. */
function isEmpty(value) {
  return value.length === 0 || (typeof value === 'object' && Object.keys(value).length === 0);
}

/** A value without the rows of a list, or the arguments, that nobody typed into. */
function filledIn(value, kind) {
  if (kind === 'arguments') {
    const all = Object.entries(value).map(([name, argument]) => [name, argumentOf(argument)]);
    return Object.fromEntries(all.filter(([, argument]) => hasValue(argument)));
  }
  return Array.isArray(value) ? value.filter((item) => item !== '') : value;
}

function requestValue(value, kind) {
  if (kind === 'arguments') {
    return Object.fromEntries(Object.entries(value).map(([name, argument]) => [name, requestArgument(argument)]));
  }
  return kind === 'integer' ? integer(String(value).trim()) : value;
}

/**
 * An argument as a draft has it: its type, and what was typed; a job has only its value. A text in which nothing is typed has
 * no value yet, so that an empty text has a type of its own.
 */
export function argumentOf(value) {
  if (value?.type) {
    return value;
  }
  return value === null || value === '' ? { type: value === null ? 'null' : 'empty', text: '' } : { type: typeof value, text: String(value) };
}

/** Whether an argument has a value: nothing typed is none. */
export function hasValue({ type, text }) {
  return text !== '' || !(type === 'string' || type === 'number');
}

/** Its value; as it is if it is not a number, so that the server refuses it. */
function requestArgument({ type, text }) {
  const values = { string: text, empty: '', null: null, boolean: text === 'true', number: numberOf(text) ?? { type, text } };
  return values[type];
}

/** A number that keeps all of its digits; null if there is none. */
export function numberOf(text) {
  const digits = /^\s*[+-]?(?=\.?\d)0*(\d*\.?\d*)(?:e[+-]?\d{1,3})?\s*$/i.exec(text)?.[1].replace('.', '').replace(/^0+/, '');
  const number = Number(text);
  return digits !== undefined && (digits.length <= 15 || Number.isSafeInteger(number)) && Number.isFinite(number) ? number : null;
}

function integer(text) {
  const number = Number(text);
  return /^-?\d+$/.test(text) && Number.isSafeInteger(number) ? number : text;
}

/**
 * An attempt to submit a request. The same request as before has the same idempotency key.
 *
 * @param {{body: string, key: string}|null} before the last attempt
 * @param {Object} request
 * @param {() => string} newKey
 */
export function nextAttempt(before, request, newKey) {
  const body = JSON.stringify(request);
  return before?.body === body ? before : { body, key: newKey() };
}

/** The first parameter of a type that takes one dataset. */
export function oneDatasetParam(type) {
  return type.params.find((spec) => spec.kind === 'dataset');
}

/** The first parameter of a type that takes a dataset. */
export function datasetParam(type) {
  return type.params.find((spec) => spec.kind === 'dataset' || spec.kind === 'datasets');
}

/**
 * What a link to the form fills in: it names a dataset (input), or a job type and values of its parameters.
 *
 * @returns {{type: string, params: Object|undefined}|null} params is undefined if it names only a type; null if it names
 *     nothing that there is
 */
export function linkedDraft({ input, type: name, ...values }, draft, jobTypes) {
  if (name === undefined && input !== undefined) {
    const type = [typeOf(draft, jobTypes), ...jobTypes].find(datasetParam);
    return type === undefined ? null : filled(type, [[datasetParam(type), input]]);
  }
  const type = jobTypes.find((known) => known.type === name);
  const given = { input, ...values };
  if (type === undefined) {
    return null;
  }
  const specs = type.params.filter((spec) => given[spec.name] !== undefined);
  return specs.length === 0 ? { type: name } : filled(type, specs.map((spec) => [spec, given[spec.name]]));
}

function filled(type, texts) {
  const params = texts.map(([{ name, kind }, text]) => [name, kind in FROM_TEXT ? FROM_TEXT[kind](text) : text]);
  return { type: type.type, params: Object.fromEntries(params) };
}

const FROM_TEXT = { boolean: (text) => text === 'true', datasets: (text) => [text], arguments: parsedArguments };

function parsedArguments(text) {
  try {
    return Object.fromEntries(Object.entries(JSON.parse(text)));
  } catch {
    return {};
  }
}

/** A job's name if its submitter chose it; else undefined, because that of its type fits only its parameters. */
export function givenName({ name, named }) {
  return named ? name : undefined;
}

/** Whether two values of a parameter are the same. */
export function sameValue(a, b) {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The parameter with the text in which a job failed: the first text of its type. */
export function markedParam(job, type) {
  return job.error?.position && type?.params.find((spec) => spec.kind === 'text');
}
