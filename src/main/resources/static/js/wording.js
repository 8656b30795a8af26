// What the server says, for readers of this page. Its messages are for scripts as well: they name calls, headers and
// options of the command line, none of which can be used here. Pure.

/** What is said in the place of messages that are about the API and nothing else, by their code. */
const OWN = {
  job_not_found: 'There is no such job. It may have been deleted.',
  malformed_id: 'There is no such job. The link may have been cut off.',
  bad_query: 'The address of this page asks for something that does not exist.',
  malformed_request: 'The address of this page is malformed.',
  path_not_found: 'There is nothing at this address.',
  unauthenticated: 'Log in to go on.',
  forbidden_origin: 'The server does not take changes from this address. Open it by the address that its operator gave you.',
  foreign_host: 'The server does not know the name in this address. Open it by its IP address, or ask its operator to allow the name.',
  idempotency_in_flight: 'The same is being sent already. Wait a moment.',
  idempotency_mismatch: 'Something else was sent before in its place. Reload the page and send it again.',
  not_ready: 'The server cannot run jobs now. “About” says why.',
  too_many_requests: 'That was asked too often. Wait a moment, then try again.',
  too_many_waiters: 'The server is busy. Try again in a moment.',
  too_many_streams: 'The server is busy. Try again in a moment.',
};

const NOTHING_SAID = 'The server refused this. Reload the page, then try again.';

/** Advice that only the operator can follow. */
const OPERATOR = /have the server started with (?:an? )?(?:[a-z]+ )?--[a-z][a-z-]*/g;

/** How texts speak of the API. */
const API =
  /\b(?:GET|HEAD|POST|PUT|DELETE) \/|\/api\/v|(?:^|\s)--[a-z]|\?[a-z_]+=|\bcurl\b|\bpoll\b|percent-encode|\bheaders?\b|\b(?:Content|Transfer|Idempotency)-[A-Z]|\bAuthorization\b|\bAccept\b|\bleave \w+ out\b/;

/** From whole sentences down to parts of one: as little is left out as can be. */
const SEPARATORS = ['. ', '; ', ', or ', ' or '];

/** A text of the server without what it says about the API; '' if it says nothing else. */
export function forReaders(text) {
  return without(text.replace(OPERATOR, 'ask the operator to raise the limit'), SEPARATORS).trim();
}

function without(text, [separator, ...finer]) {
  if (!API.test(text)) {
    return text;
  }
  if (separator === undefined) {
    return '';
  }
  return text
    .split(separator)
    .map((part) => without(part, finer))
    .filter((part) => part !== '')
    .join(separator);
}

/** What a refusal says to readers: the page's own words for its code, else the server's. */
export function refusalText(code, detail) {
  return OWN[code] ?? (forReaders(detail) || NOTHING_SAID);
}
