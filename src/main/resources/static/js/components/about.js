import { html } from 'htm/preact';
import { absoluteUrl, api } from '../api/api.js';
import { withoutApiTerms } from '../api/messages.js';
import { useLoad, useStore } from '../hooks.js';
import { isLocal, sessionLabel } from '../lib/cluster.js';
import { bytes, count, duration, time } from '../lib/format.js';
import { STATUSES, statusLabel } from '../lib/job-status.js';
import { sampleScripts } from '../lib/snippets.js';
import { needsToken } from '../state/session.js';
import { Box } from './box.js';
import { CopyButton, ErrorNote, Skeleton, UserText } from './common.js';
import { Executors } from './executors.js';

const REFRESH_MS = 5_000;

/** The server's version, state and limits, and scripts that use it. */
export default function About() {
  // Two requests: one may fail while the other says why.
  const server = useLoad(api.server, [], REFRESH_MS);
  const readiness = useLoad(api.readiness, [], REFRESH_MS);
  const both = server.data !== null && readiness.data !== null && { server: server.data, readiness: readiness.data };
  const failed = [server, readiness].find(({ error }) => error !== null);
  return html`
    <div class="view-head">
      <h1 tabindex="-1">About this server</h1>
      ${both && html`<${CopyButton} label="Copy diagnostics" text=${() => JSON.stringify(both, null, 2)} />`}
    </div>
    ${failed && html`<${ErrorNote} error=${failed.error} retry=${failed.reload} />`}
    ${!both && !failed && html`<${Skeleton} />`}
    <div class="about">
      ${readiness.data?.checks && html`<${Checks} readiness=${readiness.data} />`}
      ${server.data &&
      html`
        <${Facts} server=${server.data} />
        <${Limits} limits=${server.data.limits} />
        <${Box} />
        ${!isLocal(server.data) && html`<${Executors} executors=${server.data.executors ?? []} />`}`}
      <${Snippets} />
    </div>`;
}

function Checks({ readiness }) {
  const failing = readiness.checks.filter((check) => !check.ok).length;
  return html`
    <section class="panel padded stack" aria-label="Readiness">
      <h2>${failing === 0 ? 'Ready for jobs' : 'Not ready for jobs'}</h2>
      <ul class="checks">
        ${readiness.checks.map(
          (check) => html`
            <li key=${check.name} class=${check.ok ? 'holds' : 'fails'}>
              <strong>${check.ok ? 'OK' : 'Fails'}</strong>
              <span><span class="mono">${check.name}</span> <span class="muted">${withoutApiTerms(check.detail)}</span></span>
              ${check.hint && html`<span class="check-hint">What to do: ${withoutApiTerms(check.hint)}</span>`}
            </li>`,
        )}
      </ul>
    </section>`;
}

function Facts({ server }) {
  const heap = server.heap;
  return html`
    <section class="panel padded stack" aria-label="Server">
      <h2>Server</h2>
      <dl class="facts">
        <dt>Tinderbox</dt><dd>${server.version}</dd>
        <dt>Spark</dt><dd>${server.spark_version}</dd>
        <dt>Java</dt><dd>${server.java_version}</dd>
        <dt>Master</dt><dd class="mono">${server.master}</dd>
        ${!isLocal(server) && server.session && html`<${Session} server=${server} />`}
        <dt>Cores</dt><dd>${server.cores === null ? 'not known yet' : count(server.cores)}</dd>
        <dt>Heap</dt>
        <dd>
          ${bytes(heap.used_bytes)} of ${bytes(heap.max_bytes)}
          <meter aria-label="Heap in use" min="0" max=${Number(heap.max_bytes)} value=${Number(heap.used_bytes)}></meter>
        </dd>
        <dt>Up for</dt><dd title=${`since ${time(server.started_at)}`}>${duration(server.uptime_ms)}</dd>
        <dt>Login</dt><dd>${server.auth ? html`on, you are <${UserText} text=${server.user} /> (${server.role})` : 'off: everyone who can open this page can run jobs'}</dd>
        ${server.private && html`<dt>Jobs</dt><dd>private: submitters see only their own</dd>`}
        ${STATUSES.map((status) => html`<dt key=${status}>${statusLabel(status)} jobs</dt><dd>${count(server.counts[status])}</dd>`)}
      </dl>
    </section>`;
}

function Session({ server: { session, started_at: started, uptime_ms: uptime } }) {
  // By the server's clock.
  const lasts = Date.parse(started) + uptime - Date.parse(session.since);
  return html`<dt>Session</dt><dd title=${`since ${time(session.since)}`}>${sessionLabel(session.state)}, for ${duration(lasts)}</dd>`;
}

function Limits({ limits }) {
  return html`
    <section class="panel padded stack" aria-label="Limits">
      <h2>Limits</h2>
      <dl class="facts">
        ${Object.entries(limits).map(([name, value]) => html`<dt key=${name}>${label(name)}</dt><dd>${limit(name, value)}</dd>`)}
      </dl>
    </section>`;
}

function label(name) {
  const words = name.replace(/_(bytes|ms)$/, '').replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function limit(name, value) {
  if (value === null) {
    return 'none';
  }
  if (name.endsWith('_bytes')) {
    return bytes(value);
  }
  if (name.endsWith('_ms')) {
    return duration(value);
  }
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : count(value);
}

function Snippets() {
  const snippets = sampleScripts(absoluteUrl('.'), useStore(needsToken));
  return html`
    <section class="panel padded stack snippets" aria-label="From a script">
      <h2>From a script</h2>
      <p class="muted">Each script submits the sample word count, waits until it has ended and prints the five most frequent words.
        ${' '}<a href="api.html">The HTTP API</a> has every call, and there is a list of <a href="errors.html">error codes</a>.</p>
      ${snippets.map(
        ({ name, text }) => html`
          <div key=${name} class="stack">
            <div class="row apart"><h3>${name}</h3><${CopyButton} label=${`Copy as ${name}`} text=${text} /></div>
            <pre class="code" tabindex="0" aria-label=${name}>${text}</pre>
          </div>`,
      )}
    </section>`;
}
