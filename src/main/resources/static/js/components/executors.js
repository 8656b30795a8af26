import { html } from 'htm/preact';
import { bytes, count } from '../lib/format.js';
import { RelativeTime, UserText } from './common.js';

/** The executors of the cluster: who runs the jobs' tasks. */
export function Executors({ executors }) {
  const someCannotRead = executors.some(({ unreadable_roots: roots }) => roots?.length > 0);
  return html`
    <section class="panel padded stack wide" aria-label="Executors">
      <h2>Executors</h2>
      ${executors.length === 0
        ? html`<p class="muted">None is registered.</p>`
        : html`
            <table class="cards executors-table">
              <caption class="visually-hidden">Executors</caption>
              <thead>
                <tr>
                  <th scope="col">Executor</th>
                  <th scope="col">Host</th>
                  <th scope="col" class="number">Cores</th>
                  <th scope="col" class="number">Memory</th>
                  <th scope="col" class="number">Tasks running</th>
                  <th scope="col">Spark</th>
                  <th scope="col">Java</th>
                  <th scope="col" class="number">Since</th>
                  ${someCannotRead && html`<th scope="col">Cannot read</th>`}
                </tr>
              </thead>
              <tbody>
                ${executors.map((executor) => html`<${Executor} key=${executor.id} executor=${executor} someCannotRead=${someCannotRead} />`)}
              </tbody>
            </table>`}
    </section>`;
}

function Executor({ executor, someCannotRead }) {
  const roots = executor.unreadable_roots ?? [];
  return html`
    <tr>
      <th scope="row" data-label="Executor">${executor.id}</th>
      <td data-label="Host" class="host">${executor.host}</td>
      <td data-label="Cores" class="number">${count(executor.cores)}</td>
      <td data-label="Memory" class="number">${bytes(executor.memory_bytes)}</td>
      <td data-label="Tasks running" class="number">${count(executor.tasks_running)}</td>
      <td data-label="Spark">${executor.spark_version}</td>
      <td data-label="Java">${executor.java_version}</td>
      <td data-label="Since" class="number"><${RelativeTime} iso=${executor.since} /></td>
      ${someCannotRead && html`<td data-label="Cannot read" class="unreadable"><span><${Roots} roots=${roots} /></span></td>`}
    </tr>`;
}

function Roots({ roots }) {
  return roots.length === 0 ? '–' : roots.map((root, n) => html`${n > 0 && ', '}<${UserText} text=${root} />`);
}
