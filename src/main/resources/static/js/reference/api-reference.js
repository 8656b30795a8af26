import { html } from 'htm/preact';
import { bounds, reference, typeName, words } from './description.js';
import { Markdown } from './markdown.js';

/** Every call of the API, and the shapes of what it sends and receives. */
export function ApiReference({ api }) {
  const tags = api.tags();
  return html`
    <h1>The HTTP API</h1>
    <div class="api">
      <${Contents} tags=${tags} />
      <div class="api-text">
        <${Markdown} text=${api.info.description} />
        <p>
          For programs, such as generators of clients, this page is also there as
          ${' '}<a href="api/v1/openapi.yaml" download>openapi.yaml</a> (OpenAPI ${api.document.openapi}).
        </p>
        ${tags.map((tag) => html`<${Tag} key=${tag.name} api=${api} tag=${tag} />`)}
        <section>
          <h2 id="shapes">Shapes</h2>
          ${api.schemas.map(([name, schema]) => html`<${Shape} key=${name} name=${name} schema=${schema} />`)}
        </section>
      </div>
    </div>`;
}

function Contents({ tags }) {
  return html`
    <nav class="api-contents" aria-label="Calls">
      ${tags.map(
        ({ name, operations }) => html`
          <h2 class="api-contents-heading">${capitalized(name)}</h2>
          <ul>
            ${operations.map((each) => html`<li key=${each.operationId}><a href=${`#${each.operationId}`}>${each.summary}</a></li>`)}
          </ul>`,
      )}
      <p><a href="#shapes">Shapes</a></p>
    </nav>`;
}

function Tag({ api, tag }) {
  return html`
    <section>
      <h2 id=${`tag-${tag.name}`}>${capitalized(tag.name)}</h2>
      <${Markdown} text=${tag.description} />
      ${tag.operations.map((each) => html`<${Operation} key=${each.operationId} api=${api} operation=${each} />`)}
    </section>`;
}

function Operation({ api, operation }) {
  const { operationId, method, path, summary, description, role, parameters, body, responses, refusals } = operation;
  return html`
    <article class="topic operation" id=${operationId}>
      <h3><a href=${`#${operationId}`}>${summary}</a></h3>
      <p class="call"><span class=${`method ${method.toLowerCase()}`}>${method}</span> <code>${path}</code></p>
      <p class="muted">${role === null ? 'Needs no token.' : `Role: ${role}.`}</p>
      ${description && html`<${Markdown} text=${description} />`}
      ${parameters.length > 0 &&
      html`
        <h4>Parameters</h4>
        <dl class="members">
          ${parameters.map((each) => html`<${Member} key=${each.name} name=${each.name} schema=${each.schema} note=${note(each)} text=${each.description} example=${each.example} />`)}
        </dl>`}
      ${body && html`<h4>Body${body.required ? '' : ', optional'}</h4><${Bodies} content=${body.content} />`}
      <h4>Responses</h4>
      ${responses.map((each) => html`<${Success} key=${each.status} api=${api} response=${each} />`)}
      <details>
        <summary>Refusals: ${refusals.map(({ status }) => status).join(', ')}</summary>
        <dl class="members">
          ${refusals.map(
            (each) => html`
              <div key=${each.status}>
                <dt>${each.status}</dt>
                <dd><${Markdown} text=${each.description} /><p><${Codes} codes=${api.codes(each)} /></p></dd>
              </div>`,
          )}
        </dl>
      </details>
    </article>`;
}

function note({ in: place, required, schema }) {
  const notes = [place];
  if (required) {
    notes.push('required');
  }
  return schema.type === 'array' ? [...notes, 'may be repeated'] : notes;
}

function Success({ api, response }) {
  const headers = Object.entries(response.headers ?? {}).filter(([name]) => name !== 'X-Request-Id');
  return html`
    <div class="response">
      <p><strong>${response.status}</strong> ${response.description}</p>
      ${headers.length > 0 &&
      html`
        <dl class="members">
          ${headers.map(([name, header]) => {
            const { description, schema } = api.resolved(header);
            return html`<${Member} key=${name} name=${name} schema=${schema} note=${['header']} text=${description} />`;
          })}
        </dl>`}
      ${response.content && html`<${Bodies} content=${response.content} />`}
    </div>`;
}

/** The types of a body, with its shape and examples. */
function Bodies({ content }) {
  return Object.entries(content).map(([type, { schema, example, examples }]) => {
    const all = example === undefined ? Object.values(examples ?? {}) : [{ value: example }];
    const shown = schema?.contentSchema ?? schema;
    return html`
      <p key=${type}><code>${type}</code>${shown && html`: <${Type} schema=${shown} />`}</p>
      ${shown?.properties && html`<${Members} schema=${shown} />`}
      ${all.map(
        ({ summary, value }) => html`
          ${summary && html`<p class="muted">${summary}:</p>`}
          <pre class="code" tabindex="0" aria-label=${`Example of ${type}`}>${text(value)}</pre>`,
      )}`;
  });
}

function text(value) {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}

function Codes({ codes }) {
  return codes.map((code, i) => html`${i > 0 && ', '}<a key=${code} href=${`errors.html#${code}`}><code>${code}</code></a>`);
}

function Shape({ name, schema }) {
  return html`
    <article class="topic" id=${name}>
      <h3><a href=${`#${name}`}>${name}</a></h3>
      ${schema.description && html`<${Markdown} text=${schema.description} />`}
      ${schema.properties ? html`<${Members} schema=${schema} />` : html`<p><${Type} schema=${schema} /></p>`}
      ${schema.allOf?.map((part) => part.properties && html`<${Members} schema=${part} />`)}
      ${(schema.examples ?? []).map((value) => html`<pre class="code" tabindex="0" aria-label=${`Example of ${name}`}>${text(value)}</pre>`)}
    </article>`;
}

function Members({ schema }) {
  const required = schema.required ?? [];
  return html`
    <dl class="members">
      ${Object.entries(schema.properties).map(
        ([name, each]) =>
          html`<${Member} key=${name} name=${name} schema=${each} note=${required.includes(name) ? [] : ['optional']} text=${each.description} example=${each.example} />`,
      )}
    </dl>`;
}

/** A parameter, header or member of an object. */
function Member({ name, schema, note: notes, text: description, example }) {
  const nested = schema.properties ? schema : schema.items?.properties && schema.items;
  return html`
    <div>
      <dt><code>${name}</code></dt>
      <dd>
        <p class="muted"><${Type} schema=${schema} />${notes.map((each) => `, ${each}`)}</p>
        ${description && html`<${Markdown} text=${description} />`}
        ${example !== undefined && html`<p class="muted">For example <code>${[example].flat().join(', ')}</code></p>`}
        ${nested && html`<${Members} schema=${nested} />`}
      </dd>
    </div>`;
}

/** A type with its words and bounds; a link if it has a name. */
function Type({ schema }) {
  const name = reference(schema);
  if (name !== undefined) {
    return html`<a href=${`#${name}`}>${name}</a>`;
  }
  const either = schema.oneOf ?? schema.allOf;
  if (either !== undefined) {
    const separator = schema.oneOf === undefined ? ' and ' : ' or ';
    return either.map((each, i) => html`${i > 0 && separator}<${Type} schema=${each} />`);
  }
  if (schema.type === 'array') {
    return html`list of <${Type} schema=${schema.items} />${bounds(schema).map((each) => `, ${each}`)}`;
  }
  const listed = words(schema);
  return html`
    ${typeName(schema)}${bounds(schema).map((each) => `, ${each}`)}${schema.default !== undefined && html`, by default <code>${JSON.stringify(schema.default)}</code>`}${listed.length > 0 && html`: ${listed.map((word, i) => html`${i > 0 && ', '}<code key=${word}>${word === '' ? '(nothing)' : word}</code>`)}`}`;
}

function capitalized(word) {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
