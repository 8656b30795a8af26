import assert from 'node:assert/strict';
import { test } from 'node:test';
import { href, jobHref, pageOf, parse } from '../../main/resources/static/js/lib/router.js';

test('an empty hash is the form of a new job', () => {
  for (const hash of ['', '#', '#/', '#/new']) {
    assert.equal(parse(hash).view, 'new');
  }
});

test('every view has a link', () => {
  assert.deepEqual(parse('#/jobs?status=FAILED&q=moby%20dick'), {
    view: 'jobs',
    id: null,
    tab: null,
    query: { status: 'FAILED', q: 'moby dick' },
  });
  assert.deepEqual(parse('#/jobs/5f0c/log?line=7'), { view: 'job', id: '5f0c', tab: 'log', query: { line: '7' } });
  assert.equal(parse('#/jobs/5f0c').tab, 'results');
});

test('anything else is not found, and breaks nothing', () => {
  for (const hash of ['#/nowhere', '#/jobs/1/2', '#/jobs/1/log/3', '#/new/1']) {
    assert.equal(parse(hash).view, 'not-found', hash);
  }
  assert.equal(parse('#/jobs/%E0%A4%A').id, '%E0%A4%A');
  assert.equal(parse('#/about?q=%E0%A4%A').view, 'about');
});

test('a link is parsed to the route that it was made from', () => {
  const query = { q: 'a&b=c #%/ü', empty: '', none: null };
  assert.deepEqual(parse(href('jobs', query)).query, { q: query.q });
  assert.equal(parse(jobHref('a/b?c', 'log')).id, 'a/b?c');
});

test('a page is a number from 1 that the API accepts', () => {
  const pages = [{}, { page: '3' }, { page: '0' }, { page: '-2' }, { page: 'x' }, { page: '9'.repeat(30) }].map(pageOf);
  assert.deepEqual(pages, [1, 3, 1, 1, 1, 1_000_000_000]);
});
