import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const STATIC = fileURLToPath(new URL('../../main/resources/static/', import.meta.url));
const PACKAGES = {
  preact: 'vendor/preact.js',
  'preact/hooks': 'vendor/preact-hooks.js',
  htm: 'vendor/htm.js',
  'htm/preact': 'js/html.js',
};
/** What the modules of each folder may import besides packages. */
const LAYERS = {
  components: ['components', 'hooks.js', 'more-hooks.js', 'state', 'api', 'lib'],
  'hooks.js': ['state', 'api', 'lib'],
  'more-hooks.js': ['hooks.js', 'state'],
  live: ['live', 'state', 'api', 'lib'],
  state: ['state', 'api', 'lib'],
  api: ['api', 'lib'],
  lib: ['lib'],
  reference: ['reference', 'js-yaml.js'],
};

const files = readdirSync(join(STATIC, 'js'), { recursive: true })
  .filter((file) => file.endsWith('.js'))
  .map((file) => join('js', file));
const imports = new Map([...files, ...Object.values(PACKAGES), 'vendor/js-yaml.js'].map((file) => [file, importsOf(file)]));

function importsOf(file) {
  const source = readFileSync(join(STATIC, file), 'utf8');
  return [...source.matchAll(/(?:^|;)import\b[^;'"]*from\s*['"]([^'"]+)['"]/gm)].map(
    ([, name]) => PACKAGES[name] ?? normalize(join(dirname(file), name)),
  );
}

/** All modules that some modules import, directly or not, and themselves. */
function closure(...roots) {
  const found = new Set();
  const add = (file) => {
    if (!found.has(file)) {
      found.add(file);
      imports.get(file).forEach(add);
    }
  };
  roots.forEach(add);
  return found;
}

test('modules import only from their layer and those below it', () => {
  for (const [file, imported] of imports) {
    const allowed = LAYERS[file.split('/')[1]];
    for (const other of allowed === undefined ? [] : imported) {
      const isPackage = Object.values(PACKAGES).includes(other);
      assert.ok(isPackage || allowed.includes(other.split('/')[1]), `${file} imports ${other}`);
    }
  }
});

test('no module imports itself, directly or not', () => {
  for (const [file, imported] of imports) {
    assert.ok(!closure(...imported).has(file), file);
  }
});

test('the page preloads the modules of its first view, each once', () => {
  const page = readFileSync(join(STATIC, 'index.html'), 'utf8');
  const preloaded = [...page.matchAll(/rel="modulepreload" href="([^"]+)"/g)].map(([, href]) => href);
  const needed = closure('js/main.js', 'js/components/new-job.js');
  needed.delete('js/main.js');
  assert.deepEqual(preloaded.sort(), [...needed].sort());
});
