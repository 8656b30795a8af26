import { html } from 'htm/preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { api, urls } from '../api/api.js';
import { useLoad, useStore } from '../hooks.js';
import { time, zone } from '../lib/format.js';
import { oneLine } from '../lib/text.js';
import { isOnline } from '../state/connection.js';
import { isAdmin, refreshSession } from '../state/session.js';
import { announce, state } from '../state/store.js';
import { CopyButton, ErrorNote, Skeleton, UserText } from './common.js';
import { ConfirmDialog } from './dialog.js';
import { TableLinks } from './table-links.js';

const ROLES = {
  submitter: 'Submits jobs and uploads, and changes its own.',
  viewer: 'Only reads.',
  admin: 'May do everything, also with the jobs and tokens of others.',
};

/** The tokens, for admins: creates and revokes them. The secret of a new one is only in this view, until it is left. */
export default function Tokens() {
  const admin = useStore(isAdmin);
  const { data, error, loading, reload } = useLoad((signal) => api.tokens(signal), []);
  const [created, setCreated] = useState(null);
  const show = (token) => {
    setCreated(token);
    reload();
  };
  return html`
    <div class="view-head">
      <h1 tabindex="-1">Tokens</h1>
      <button type="button" class="button" onClick=${reload}>Refresh</button>
    </div>
    <div class="stack">
      ${created && html`<${Secret} key=${created.name} token=${created} onDone=${() => setCreated(null)} />`}
      ${error && html`<${ErrorNote} error=${error} retry=${reload} />`}
      ${data === null && loading && html`<${Skeleton} />`}
      ${data !== null && !admin && html`<${NoTokens} />`}
      ${data !== null && admin && html`<${TokenForm} onCreated=${show} />`}
      ${data !== null && data.tokens.length > 0 && html`<${TokenTable} tokens=${data.tokens} onChange=${reload} />
        <${TableLinks} href=${urls.list('tokens')} />`}
    </div>`;
}

function NoTokens() {
  return html`
    <div class="empty">
      <h2>No tokens</h2>
      <p>Everybody on the server’s machine may do everything. The person who runs the server can create the first token with <code>./run.sh token create</code>; from then on, everybody needs one, and admins create more here.</p>
    </div>`;
}

/** Shows the secret once. The name has no characters that UserText is for. */
function Secret({ token, onDone }) {
  const heading = useRef(null);
  useLayoutEffect(() => heading.current.focus(), []);
  return html`
    <section class="note accent no-print" aria-label="New token">
      <h2 ref=${heading} tabindex="-1">Copy the token ${token.name} now</h2>
      <p>It is shown only this once. Anyone who has it can use this server as <strong>${token.name}</strong> (${token.role}). Send it only to the person it is for.</p>
      <p><code class="mono token-secret">${token.secret}</code></p>
      <div class="row">
        <${CopyButton} label="Copy token" text=${token.secret} />
        <button type="button" class="button" onClick=${onDone}>Hide it</button>
      </div>
    </section>`;
}

function TokenForm({ onCreated }) {
  const online = useStore(isOnline);
  const [role, setRole] = useState('submitter');
  const [problem, setProblem] = useState(null);
  const [busy, setBusy] = useState(false);
  const form = useRef(null);
  const send = async (event) => {
    event.preventDefault();
    if (busy) {
      return;
    }
    const fields = form.current.elements;
    const days = fields.days.value.trim();
    const sees = role === 'viewer' ? fields.sees.value.split(/[\s,]+/).filter((name) => name !== '') : [];
    setBusy(true);
    setProblem(null);
    try {
      const token = await api.createToken({
        name: fields.name.value.trim(),
        role,
        // What is no number is sent as it is: as null, it would be a token that never expires.
        expires_in_days: days === '' ? null : /^\d{1,9}$/.test(days) ? Number(days) : days,
        sees: sees.length === 0 ? null : sees,
      });
      form.current.reset();
      setRole('submitter');
      announce('The token is created');
      onCreated(token);
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  const errorOf = (field) => problem?.errors?.find((error) => error.field === field)?.message;
  return html`
    <form ref=${form} class="panel padded stack no-print" aria-label="New token" novalidate onSubmit=${send}>
      <h2>New token</h2>
      <div class="token-form">
        <${Field} label="Name" name="name" error=${errorOf('name')} help="Shown as the owner of what is submitted with it." />
        <div class="field">
          <label for="token-role">Role</label>
          <select id="token-role" class="select" name="role" aria-describedby="token-role-help" value=${role} onChange=${(e) => setRole(e.currentTarget.value)}>
            ${Object.keys(ROLES).map((name) => html`<option key=${name} value=${name}>${name}</option>`)}
          </select>
          <span id="token-role-help" class="help">${ROLES[role]}</span>
        </div>
        <${Field} label="Days until it expires" name="days" inputmode="numeric" error=${errorOf('expires_in_days')} help="Empty: it is valid until it is revoked." />
        ${role === 'viewer' &&
        html`<${Field} label="Sees only" name="sees" error=${errorOf('sees')} help="Names of submitters whose jobs and uploads it sees. Empty: those of everybody." />`}
      </div>
      ${problem && (problem.errors ?? []).length === 0 && html`<${ErrorNote} error=${problem} />`}
      <div class="row"><button type="submit" class="button primary" disabled=${!online} aria-disabled=${busy}>Create token</button></div>
    </form>`;
}

function Field({ label, name, error, help, inputmode }) {
  const id = `token-${name}`;
  return html`
    <div class="field">
      <label for=${id}>${label}</label>
      <input
        id=${id}
        name=${name}
        class="input"
        autocomplete="off"
        spellcheck=${false}
        inputmode=${inputmode}
        aria-invalid=${error ? 'true' : undefined}
        aria-describedby=${`${id}-help`}
      />
      <span id=${`${id}-help`} class=${error ? 'field-error' : 'help'} role=${error ? 'alert' : undefined}>${error ? `${label} ${error}` : help}</span>
    </div>`;
}

function TokenTable({ tokens, onChange }) {
  return html`
    <div class="table-wrap">
      <table class="cards">
        <caption class="visually-hidden">Tokens, in the order in which they were created</caption>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Role</th>
            <th scope="col">Created (${zone()})</th>
            <th scope="col">Expires (${zone()})</th>
            <th scope="col">Sees the jobs of</th>
            <th scope="col"><span class="visually-hidden">Actions</span></th>
          </tr>
        </thead>
        <tbody>
          ${tokens.map((token) => html`<${TokenRow} key=${token.name} token=${token} onChange=${onChange} />`)}
        </tbody>
      </table>
    </div>`;
}

function expiry({ expires_at: expiresAt, expired }) {
  if (expiresAt === null) {
    return 'when it is revoked';
  }
  return expired ? html`<strong class="bad-text">expired</strong> ${time(expiresAt)}` : time(expiresAt);
}

/** What a submitter sees depends on the server's --private, and not on its token. */
function seen({ role, sees }) {
  return sees === null ? html`<span class="muted">${role === 'submitter' ? '–' : 'everybody'}</span>` : html`<${UserText} text=${sees.join(', ')} />`;
}

function TokenRow({ token, onChange }) {
  const online = useStore(isOnline);
  const [revoking, setRevoking] = useState(false);
  const isOwn = useStore((s) => s.session?.user === token.name);
  const revoke = async () => {
    const wasOwn = state.session?.user === token.name;
    await api.revokeToken(token.name);
    announce('The token is revoked');
    if (wasOwn) {
      await refreshSession();
    } else {
      onChange();
    }
  };
  return html`
    <tr>
      <td data-label="Name"><span><${UserText} text=${token.name} />${isOwn && html` <span class="muted">(yours)</span>`}</span></td>
      <td data-label="Role">${token.role}</td>
      <td data-label="Created">${time(token.created_at)}</td>
      <td data-label="Expires"><span>${expiry(token)}</span></td>
      <td data-label="Sees the jobs of">${seen(token)}</td>
      <td class="no-print">
        <button type="button" class="button danger" aria-label=${`Revoke ${oneLine(token.name)}`} disabled=${!online} onClick=${() => setRevoking(true)}>Revoke</button>
        ${revoking &&
        html`
          <${ConfirmDialog} title="Revoke this token?" action="Revoke token" onConfirm=${revoke} onClose=${() => setRevoking(false)}>
            <p><${UserText} text=${token.name} /> can no longer log in, and its sessions end. Its jobs and uploads stay.${isOwn && ' It is yours: you will be logged out.'}</p>
          <//>`}
      </td>
    </tr>`;
}
