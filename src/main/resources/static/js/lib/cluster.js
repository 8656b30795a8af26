// The cluster that runs the jobs, as GET /api/v1/server describes it. Pure.

const LABELS = {
  ready: 'Ready',
  connecting: 'Connecting',
  no_executors: 'No executors',
  degraded: 'Ready, without its master',
  forgotten: 'Forgotten by its master',
};

/** Whether the server runs its jobs itself, without a cluster. */
export function isLocal(server) {
  return server.master.startsWith('local');
}

/** 'No executors' for no_executors. */
export function sessionLabel(state) {
  return LABELS[state] ?? String(state);
}

/**
 * What is wrong with the server's Spark session; null if nothing is.
 *
 * @returns {{detail: string, jobsWait: boolean}|null} without their master, executors still run jobs
 */
export function sessionProblem({ session }) {
  return session === undefined || session.state === 'ready'
    ? null
    : { detail: session.detail, jobsWait: session.state !== 'degraded' };
}

const NAMED_HOSTS = 3;

/** The hosts that are always shown, and those that are listed on request: at least two. */
export function splitHosts(hosts) {
  return hosts.length <= NAMED_HOSTS + 1 ? [hosts, []] : [hosts.slice(0, NAMED_HOSTS), hosts.slice(NAMED_HOSTS)];
}
