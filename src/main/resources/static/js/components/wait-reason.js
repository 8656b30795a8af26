import { html } from 'htm/preact';
import { api } from '../api/api.js';
import { withoutApiTerms } from '../api/messages.js';
import { useLoad } from '../hooks.js';
import { sessionProblem } from '../lib/cluster.js';
import { sentence } from '../lib/text.js';
import { Delayed } from './common.js';

/** Most jobs wait for less than this. */
const DELAY_MS = 1_000;
const REFRESH_MS = 5_000;

/** Says if jobs wait for Spark, and not only for each other. Show it only while one waits: it asks the server. */
export function WaitReason({ who }) {
  return html`<${Delayed} ms=${DELAY_MS}><${Reason} who=${who} /><//>`;
}

function Reason({ who }) {
  const { data } = useLoad(api.server, [], REFRESH_MS);
  const problem = data && sessionProblem(data);
  return (
    problem &&
    html`
      <p class="note warn" role="status">
        <span>${problem.jobsWait && html`<strong>${who}.</strong>${' '}`}${sentence(withoutApiTerms(problem.detail))}</span>
      </p>`
  );
}
