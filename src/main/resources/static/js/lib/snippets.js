// API requests as commands and scripts that run unchanged. Pure. If the server requires a token, they read it from the
// environment, so that it gets into no script and no shell history.

/** The environment variable. */
const TOKEN = 'TINDERBOX_TOKEN';

const CURL_TOKEN = `-H "Authorization: Bearer $${TOKEN}"`;

/**
 * A command for a POSIX shell.
 *
 * @param {boolean} auth whether the server requires a token
 */
export function curl(url, body, auth = false) {
  const token = auth ? `  ${CURL_TOKEN} \\\n` : '';
  return `curl -X POST ${shell(url)} \\\n${token}  -H 'Content-Type: application/json' \\\n  --data-raw ${shell(JSON.stringify(body))}`;
}

/** A script for Python 3 with its standard library only. */
export function python(url, body, auth = false) {
  const token = auth ? `, "Authorization": "Bearer " + os.environ["${TOKEN}"]` : '';
  const [id, fact] = printed(body);
  return `import json
${auth ? 'import os\n' : ''}import urllib.request

request = urllib.request.Request(
    ${pythonText(url)},
    data=json.dumps(${pythonValue(body)}).encode(),
    headers={"Content-Type": "application/json"${token}},
    method="POST",
)
with urllib.request.urlopen(request) as response:
    accepted = json.load(response)
print(accepted["${id}"], accepted["${fact}"])`;
}

/** What a script prints of what it submitted: a run set has no status, but a number of jobs. */
function printed(body) {
  return body.for_each === undefined ? ['job_id', 'status'] : ['run_set_id', 'jobs'];
}

/** A script for R with the package httr2. */
export function r(url, body, auth = false) {
  const [id, fact] = printed(body);
  return `library(httr2)

accepted <- request(${rText(url)}) |>
${auth ? `  req_auth_bearer_token(Sys.getenv("${TOKEN}")) |>\n` : ''}  req_body_raw(${rText(JSON.stringify(body))}, type = "application/json") |>
  req_perform() |>
  resp_body_json()
cat(accepted$${id}, accepted$${fact}, "\\n")`;
}

/** Between single quotes, only the quote itself is special to a shell. */
function shell(text) {
  return /^[A-Za-z0-9_./:=?&-]+$/.test(text) && !/[&?]/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A JSON string is also a Python string. */
function pythonText(text) {
  return JSON.stringify(text);
}

function pythonValue(value) {
  if (value === null) {
    return 'None';
  }
  if (typeof value === 'boolean') {
    return value ? 'True' : 'False';
  }
  if (Array.isArray(value)) {
    return `[${value.map(pythonValue).join(', ')}]`;
  }
  if (typeof value === 'object') {
    const fields = Object.entries(value).map(([name, inner]) => `${pythonText(name)}: ${pythonValue(inner)}`);
    return `{${fields.join(', ')}}`;
  }
  return JSON.stringify(value);
}

/** A JSON string is also an R string. */
function rText(text) {
  return JSON.stringify(text);
}

/**
 * The sample word count from submission to result, in three languages. Each polls for at most ten minutes.
 *
 * @param {string} base the server's address, with a slash at its end
 * @param {boolean} auth whether it requires a token
 * @returns {Array<{name: string, text: string}>}
 */
export function sampleScripts(base, auth) {
  return [
    { name: 'curl', text: sampleCurl(base, auth) },
    { name: 'Python', text: samplePython(base, auth) },
    { name: 'R', text: sampleR(base, auth) },
  ];
}

function sampleCurl(base, auth) {
  const curl = auth ? `curl -s ${CURL_TOKEN}` : 'curl -s';
  return `base=${shell(base)}
id=$(${curl} -X POST "$base"api/v1/jobs | sed 's/.*"job_id":"\\([^"]*\\)".*/\\1/')
end=$(($(date +%s) + 600))
until ${curl} "$base"api/v1/jobs/"$id?wait=60" | grep -q '"finished_at":"'; do
  [ "$(date +%s)" -lt "$end" ] || break
  sleep 1
done
${curl} "$base"api/v1/jobs/"$id/result?format=csv" | head -6`;
}

function samplePython(base, auth) {
  const headers = auth ? `, headers={"Authorization": "Bearer " + os.environ["${TOKEN}"]}` : '';
  return `import json
${auth ? 'import os\n' : ''}import time
import urllib.request

base = ${pythonText(base)}

def call(path, data=None):
    request = urllib.request.Request(base + path, data=data${headers})
    with urllib.request.urlopen(request) as response:
        return json.load(response)

job = call("api/v1/jobs", data=b"")
deadline = time.monotonic() + 600
while job["finished_at"] is None and time.monotonic() < deadline:
    job = call(f"api/v1/jobs/{job['job_id']}?wait=60")
print(job["status"])
for word, count in call(f"api/v1/jobs/{job['job_id']}/result?limit=5")["rows"]:
    print(word, count)`;
}

function sampleR(base, auth) {
  const token = auth ? ` |> req_auth_bearer_token(Sys.getenv("${TOKEN}"))` : '';
  return `library(httr2)

base <- ${rText(base)}
call <- function(path, method = "GET") {
  request(paste0(base, path))${token} |> req_method(method) |> req_perform() |> resp_body_json()
}

job <- call("api/v1/jobs", "POST")
deadline <- Sys.time() + 600
while (is.null(job$finished_at) && Sys.time() < deadline) {
  job <- call(paste0("api/v1/jobs/", job$job_id, "?wait=60"))
}
cat(job$status, "\\n")
for (row in call(paste0("api/v1/jobs/", job$job_id, "/result?limit=5"))$rows) cat(row[[1]], row[[2]], "\\n")`;
}
