"""Submits a query, follows it to its end and reads its result, with the client that was generated from openapi.yaml."""

import json
import sys

import tinderbox_client as tinderbox

configuration = tinderbox.Configuration(host=sys.argv[1], access_token=sys.argv[2])
with tinderbox.ApiClient(configuration) as client:
    jobs = tinderbox.JobsApi(client)
    job = jobs.submit_job(
        submission=tinderbox.Submission(
            type="sql",
            params={"query": "SELECT id, id * id AS square FROM range(3)"},
            labels={"made-by": "python"},
        )
    )
    print("submitted", job.status.value)

    # The generated code would read the stream as one document, and would not ask for a stream.
    stream = tinderbox.EventsApi(client).follow_job_without_preload_content(
        job.job_id, until="end", _headers={"Accept": "text/event-stream"}
    )
    lines = stream.read().decode().splitlines()
    events = [line.removeprefix("event: ") for line in lines if line.startswith("event: ")]
    data = [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: ")]
    print("followed", events[0], "to", events[-1], data[-1].get("status"))

    print("ended", jobs.get_job(job.job_id, wait=60).status.value)
    result = tinderbox.ArtifactsApi(client).get_result(job.job_id)
    print("read", json.dumps(result.rows))
    print("found", jobs.list_jobs(label=["made-by:python"]).total)

    try:
        jobs.get_job("00000000-0000-4000-8000-000000000000")
    except tinderbox.ApiException as refusal:
        print("refused", refusal.status, json.loads(refusal.body)["code"])
