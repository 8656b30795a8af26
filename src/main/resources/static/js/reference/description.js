// Reads an OpenAPI document. Pure.

const METHODS = ['get', 'post', 'put', 'delete'];
const BOUNDS = {
  minimum: (n) => `at least ${n}`,
  maximum: (n) => `at most ${n}`,
  minLength: (n) => `${n} or more characters`,
  maxLength: (n) => `at most ${n} characters`,
  minItems: (n) => `${n} or more items`,
  maxItems: (n) => `at most ${n} items`,
  maxProperties: (n) => `at most ${n} members`,
};

/** A document, and what its parts refer to. */
export class Description {
  constructor(document) {
    this.document = document;
    this.info = document.info;
    this.schemas = Object.entries(document.components.schemas);
  }

  /** What a part is, or refers to. */
  resolved(part) {
    return part.$ref === undefined
      ? part
      : part.$ref
          .slice(2)
          .split('/')
          .reduce((parent, name) => parent[name], this.document);
  }

  /** The tags with their operations, in the order of the document. */
  tags() {
    const operations = Object.entries(this.document.paths).flatMap(([path, item]) =>
      METHODS.filter((method) => item[method] !== undefined).map((method) => this.operation(path, item, method)),
    );
    return this.document.tags.map((tag) => ({ ...tag, operations: operations.filter(({ tags }) => tags.includes(tag.name)) }));
  }

  operation(path, item, method) {
    const operation = item[method];
    const responses = Object.entries(operation.responses).map(([status, response]) => ({ status, ...this.resolved(response) }));
    return {
      ...operation,
      path,
      method: method.toUpperCase(),
      role: role(operation.security ?? this.document.security),
      parameters: [...(item.parameters ?? []), ...(operation.parameters ?? [])].map((each) => this.resolved(each)),
      body: operation.requestBody && this.resolved(operation.requestBody),
      responses: responses.filter(({ status }) => status < '400'),
      refusals: responses.filter(({ status }) => status >= '400'),
    };
  }

  /** The error codes of a refusal. */
  codes(refusal) {
    const parts = refusal.content['application/problem+json'].schema.allOf;
    return parts.flatMap((part) => part.properties?.code?.['x-extensible-enum'] ?? []);
  }
}

/** The role that a call needs; null if it needs none. */
function role(security) {
  const first = security[0] ?? {};
  return Object.values(first)[0]?.[0] ?? null;
}

/** The name of the schema that this one refers to; undefined if it is described in place. */
export function reference(schema) {
  return schema.$ref?.split('/').at(-1);
}

/** The words that a value may be. */
export function words(schema) {
  return schema.enum ?? schema['x-extensible-enum'] ?? (schema.const === undefined ? [] : [schema.const]);
}

/** The type of a value, such as "integer or null". */
export function typeName(schema) {
  const types = [schema.type ?? []].flat();
  const format = schema.format === undefined || schema.format === 'int64' ? '' : ` (${schema.format})`;
  return types.length === 0 ? 'any' : types.join(' or ') + format;
}

/** The bounds of a value, as texts. */
export function bounds(schema) {
  const found = Object.entries(BOUNDS).flatMap(([key, text]) => (schema[key] === undefined ? [] : [text(schema[key])]));
  return schema.pattern === undefined ? found : [...found, `matches ${schema.pattern}`];
}
