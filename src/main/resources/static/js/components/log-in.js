import { html } from 'htm/preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { logIn } from '../state/session.js';

/** The form for the token, if the server requires a login. */
export function LogIn() {
  const [problem, setProblem] = useState(null);
  const [busy, setBusy] = useState(false);
  const field = useRef(null);
  useLayoutEffect(() => field.current.focus(), [problem]);
  const send = async (event) => {
    event.preventDefault();
    const token = field.current.value.trim();
    if (token === '') {
      setProblem({ text: 'Enter your token.' });
      return;
    }
    setBusy(true);
    try {
      await logIn(token);
    } catch (error) {
      // The token must not stay on the screen or in the page.
      field.current.value = '';
      setProblem({ text: error.code === 'bad_token' ? 'This token is wrong.' : error.message });
      setBusy(false);
    }
  };
  return html`
    <div class="view-head"><h1 tabindex="-1">Log in</h1></div>
    <form class="panel padded stack log-in" aria-label="Log in" novalidate onSubmit=${send}>
      <p>You need a token to use this server. An admin can create one here under <em>Tokens</em>, or on the server’s machine with <code>./run.sh token create</code>.</p>
      <div class="field">
        <label for="token">Token</label>
        <input
          ref=${field}
          id="token"
          class="input mono"
          type="password"
          autocomplete="current-password"
          aria-invalid=${problem ? 'true' : undefined}
          aria-describedby=${problem ? 'token-problem' : undefined}
        />
        ${problem && html`<span class="field-error" id="token-problem" role="alert">${problem.text}</span>`}
      </div>
      <div class="row"><button type="submit" class="button primary" disabled=${busy}>Log in</button></div>
    </form>`;
}
