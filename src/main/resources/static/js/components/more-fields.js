import { html } from 'htm/preact';
import { ArgumentsField } from './arguments-field.js';
import { DatasetsField } from './datasets-field.js';
import { QueryField } from './query-field.js';
import { TextField } from './text-field.js';

export { SetFields, SeveralField } from './several-field.js';

const BY_KIND = { text: TextField, datasets: DatasetsField, arguments: ArgumentsField };

/** The control for a kind of parameter that the first view does not need. */
export function MoreField(props) {
  const Field = props.spec.syntax === 'sql' ? QueryField : BY_KIND[props.spec.kind];
  return html`<${Field} ...${props} />`;
}
