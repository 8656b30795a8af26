// The request that a form would send, as a command that runs as it stands. Pure.

/** For a POSIX shell. */
export function curl(url, body) {
  return `curl -X POST ${shell(url)} \\\n  -H 'Content-Type: application/json' \\\n  --data-raw ${shell(JSON.stringify(body))}`;
}

/** For Python 3, with nothing but its standard library. */
export function python(url, body) {
  return `import json
import urllib.request

request = urllib.request.Request(
    ${pythonText(url)},
    data=json.dumps(${pythonValue(body)}).encode(),
    headers={"Content-Type": "application/json"},
    method="POST",
)
with urllib.request.urlopen(request) as response:
    job = json.load(response)
print(job["job_id"], job["status"])`;
}

/** For R with the package httr2. */
export function r(url, body) {
  return `library(httr2)

job <- request(${rText(url)}) |>
  req_body_raw(${rText(JSON.stringify(body))}, type = "application/json") |>
  req_perform() |>
  resp_body_json()
cat(job$job_id, job$status, "\\n")`;
}

/** Between single quotes nothing is special to a shell but the quote itself. */
function shell(text) {
  return /^[A-Za-z0-9_./:=?&-]+$/.test(text) && !/[&?]/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A JSON text is a Python text, too. */
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
  if (typeof value === 'object') {
    const fields = Object.entries(value).map(([name, inner]) => `${pythonText(name)}: ${pythonValue(inner)}`);
    return `{${fields.join(', ')}}`;
  }
  return JSON.stringify(value);
}

/** JSON's escapes are R's, too; what JSON leaves as it stands, R takes as it stands. */
function rText(text) {
  return JSON.stringify(text);
}

/**
 * The sample word count from sending to result, in three languages.
 *
 * @param {string} base the server's address, with a slash at its end
 * @returns {Array<{name: string, text: string}>}
 */
export function about(base) {
  return [
    { name: 'curl', text: aboutCurl(base) },
    { name: 'Python', text: aboutPython(base) },
    { name: 'R', text: aboutR(base) },
  ];
}

function aboutCurl(base) {
  return `base=${shell(base)}
id=$(curl -s -X POST "$base"api/v1/jobs | sed 's/.*"job_id":"\\([^"]*\\)".*/\\1/')
curl -s "$base"api/v1/jobs/"$id?wait=60" >/dev/null
curl -s "$base"api/v1/jobs/"$id/result?format=csv" | head -6`;
}

function aboutPython(base) {
  return `import json
import urllib.request

base = ${pythonText(base)}

def call(path, data=None):
    with urllib.request.urlopen(urllib.request.Request(base + path, data=data)) as response:
        return json.load(response)

job = call("api/v1/jobs", data=b"")
job = call(f"api/v1/jobs/{job['job_id']}?wait=60")
print(job["status"])
for word, count in call(f"api/v1/jobs/{job['job_id']}/result?limit=5")["rows"]:
    print(word, count)`;
}

function aboutR(base) {
  return `library(httr2)

base <- ${rText(base)}
call <- function(path, method = "GET") {
  request(paste0(base, path)) |> req_method(method) |> req_perform() |> resp_body_json()
}

job <- call("api/v1/jobs", "POST")
job <- call(paste0("api/v1/jobs/", job$job_id, "?wait=60"))
cat(job$status, "\\n")
for (row in call(paste0("api/v1/jobs/", job$job_id, "/result?limit=5"))$rows) cat(row[[1]], row[[2]], "\\n")`;
}
