// The server's messages, reworded for this page. They are also for scripts, so they name operations, headers and command
// line options that readers of the page cannot use. Pure.

/** The page's own words for errors whose messages are only about the API, by code. */
const OWN_TEXTS = {
  job_not_found: 'There is no such job. It may have been deleted.',
  run_set_not_found: 'There is no such run set. It may have been deleted.',
  preset_not_found: 'There is no such preset. It may have been deleted, or is private.',
  malformed_id: 'There is no such job. The link may have been cut off.',
  precondition_failed: 'Somebody else has changed it meanwhile. Look at it again, then repeat your change.',
  bad_query: 'The address of this page asks for something that does not exist.',
  malformed_request: 'The address of this page is malformed.',
  path_not_found: 'There is nothing at this address.',
  unauthenticated: 'Log in to continue.',
  forbidden_origin: 'The server does not accept changes from this address. Open it at the address that its operator gave you.',
  foreign_host: 'The server does not know the name in this address. Open it by its IP address, or ask its operator to allow the name.',
  idempotency_in_flight: 'The same request is already being processed. Wait a moment.',
  idempotency_mismatch: 'A different request was sent before in its place. Reload the page and send it again.',
  not_ready: 'The server cannot run jobs now. “About” says why.',
  too_many_requests: 'Too many requests. Wait a moment, then try again.',
  too_many_waiters: 'The server is busy. Try again in a moment.',
  too_many_streams: 'The server is busy. Try again in a moment.',
};

const DEFAULT_TEXT = 'The server refused this. Reload the page, then try again.';

/** Advice that only the operator can follow. */
const OPERATOR_ADVICE = /have the server (?:re)?started with (?:an? )?(?:[a-z]+ )?--[a-z][a-z-]*/g;

/** What belongs to the API or the command line wherever it is said. */
const API_TERMS = /\b(?:GET|HEAD|POST|PUT|DELETE) \/|\/api\/v|(?:^|\s)--[a-z]|\?[a-z_]+=/;

/** Words that are about the API in the answer to a request, but may be about anything in what a job type says. */
const REQUEST_TERMS =
  /\bcurl\b|\bpoll\b|percent-encode|\bheaders?\b|\b(?:Content|Transfer|Idempotency)-[A-Z]|\bAuthorization\b|\bAccept\b|\bleave \w+ out\b/;

/** From whole sentences to parts of one, so that as little as possible is left out. */
const SEPARATORS = ['. ', '; ', ', or ', ' or '];

/**
 * A message without its parts about the API; '' if nothing is left. Of a job and its parameters: a job type may have
 * written it.
 */
export function withoutApiTerms(text) {
  return without(text, [API_TERMS]);
}

function without(text, terms) {
  return kept(text.replace(OPERATOR_ADVICE, 'ask the operator to raise the limit'), terms, SEPARATORS).trim();
}

function kept(text, terms, [separator, ...finer]) {
  if (!terms.some((term) => term.test(text))) {
    return text;
  }
  if (separator === undefined) {
    return '';
  }
  return text
    .split(separator)
    .map((part) => kept(part, terms, finer))
    .filter((part) => part !== '')
    .join(separator);
}

/** The text of an error: the page's own words for its code, else the server's. */
export function errorText(code, detail) {
  return OWN_TEXTS[code] ?? (without(detail, [API_TERMS, REQUEST_TERMS]) || DEFAULT_TEXT);
}
