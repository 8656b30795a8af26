// Uploads of datasets. They continue while another view is open.

import { api } from '../api/api.js';
import { upload } from '../api/upload.js';
import { announce, set, state } from './store.js';

/** A browser opens few connections to a server; a window uses one of them for uploads. */
const MAX_PARALLEL = 1;
/** An upload without progress for this long is marked as stalled. */
const STALLED_MS = 20_000;

let lastNumber = 0;

/**
 * Uploads files, each shown as a row of state.uploads.
 *
 * @param {Array<{file: File, path: string}>} files each with where it goes, below the root of uploads
 */
export function uploadFiles(files) {
  const added = files.map(({ file, path }) => ({
    number: ++lastNumber,
    file,
    name: path,
    bytes: file.size,
    sent: 0,
    isStalled: false,
    status: 'waiting',
    error: null,
    replace: false,
    abort: null,
  }));
  set({ uploads: [...state.uploads, ...added] });
  startNext();
}

/** Keeps a file dropped beside the drop zone from replacing the page, and asks before an upload is left. */
export function guardUploads() {
  const ignoreDrop = (event) => {
    if (!event.defaultPrevented && event.dataTransfer?.types.includes('Files')) {
      event.preventDefault();
      event.dataTransfer.dropEffect = 'none';
    }
  };
  addEventListener('dragover', ignoreDrop);
  addEventListener('drop', ignoreDrop);
  addEventListener('beforeunload', (event) => {
    if (state.uploads.some(({ status }) => status === 'sending' || status === 'waiting')) {
      event.preventDefault();
    }
  });
}

function updateRow(number, changes) {
  set({ uploads: state.uploads.map((row) => (row.number === number ? { ...row, ...changes } : row)) });
}

function startNext() {
  const sending = state.uploads.filter((row) => row.status === 'sending').length;
  const next = state.uploads.find((row) => row.status === 'waiting');
  if (next !== undefined && sending < MAX_PARALLEL) {
    start(next);
    startNext();
  }
}

async function start({ number, file, name, replace }) {
  const abort = new AbortController();
  let stalledTimer;
  const onProgress = (sent) => {
    clearTimeout(stalledTimer);
    stalledTimer = setTimeout(() => updateRow(number, { isStalled: true }), STALLED_MS);
    updateRow(number, { sent, isStalled: false });
  };
  updateRow(number, { status: 'sending', error: null, abort });
  onProgress(0);
  try {
    await upload(file, name, { replace, signal: abort.signal, onProgress });
    updateRow(number, { status: 'done', sent: file.size });
    announce(`${name} uploaded`);
    set({ uploadsDone: state.uploadsDone + 1 });
  } catch (error) {
    if (error.code === 'aborted') {
      dismissUpload(number);
    } else {
      updateRow(number, { status: 'failed', error });
      announce(`${name} was not uploaded`);
    }
  } finally {
    clearTimeout(stalledTimer);
  }
  startNext();
}

/** Cancels an upload; the server keeps nothing of it. */
export function cancelUpload(row) {
  if (row.abort !== null) {
    row.abort.abort();
  } else {
    dismissUpload(row.number);
  }
}

/** Uploads a file again that failed; replace says whether it replaces an existing dataset. */
export function retryUpload(row, replace) {
  updateRow(row.number, { status: 'waiting', replace, abort: null });
  startNext();
}

/** Removes the row of an upload. */
export function dismissUpload(number) {
  set({ uploads: state.uploads.filter((row) => row.number !== number) });
}

/**
 * Deletes an uploaded file, or a folder with its files.
 *
 * @throws {ApiError}
 */
export async function deleteDataset(path) {
  await api.removeDataset(path);
  announce('Dataset deleted');
}

/**
 * Gives an uploaded file or folder another path.
 *
 * @returns {Promise<Object>} the dataset, as in the list of its folder
 * @throws {ApiError}
 */
export async function renameDataset(path, to) {
  const renamed = await api.renameDataset(path, to);
  announce('Renamed');
  return renamed;
}
