// From the server's errors to the fields of the form of a new job. Pure.

/**
 * What is wrong with a request, by field: 'name', 'params.' and a parameter's name, or '' for those of no field.
 *
 * @param {ApiError} error
 * @param {Object} type the request's job type
 * @param {Object} request
 * @returns {Object<string, Array<{message: string, position: Object|undefined, item: string|undefined}>>} position is a
 *     place in the field's text, item the entry of its list that is wrong
 */
export function fieldProblems(error, type, request) {
  const problems = {};
  const known = new Set(['name', 'labels', ...type.params.map((spec) => `params.${spec.name}`)]);
  const errors = error.errors?.length > 0 ? error.errors : [{ field: '', message: error.message }];
  const argumentsNames = type.params.filter((spec) => spec.kind === 'arguments').map((spec) => `params.${spec.name}`);
  for (const { field, message, position } of errors) {
    const [, place, index] = /^(.*?)(?:\[(\d+)\])?$/.exec(field);
    const name = place.replace(/^for_each\./, 'params.').replace(/^labels\..*/, 'labels');
    const whole = argumentsNames.find((known) => name.startsWith(`${known}.`));
    if (whole !== undefined) {
      (problems[whole] ??= []).push({ message, item: name.slice(whole.length + 1) });
      continue;
    }
    if (known.has(name)) {
      const param = name.replace('params.', '');
      const item = index === undefined ? undefined : (request.for_each?.[param] ?? request.params[param])?.[index];
      (problems[name] ??= []).push({ message, position, item });
    } else {
      (problems[''] ??= []).push({ message: `${subject(field)}${message}` });
    }
  }
  return problems;
}

/** How a problem begins that is not shown at its field. */
function subject(field) {
  if (field === '' || field === 'params') {
    return field === '' ? '' : 'The parameters ';
  }
  return `${field.replace(/^params\./, '').replaceAll('_', ' ')}: `;
}
