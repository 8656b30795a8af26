// Files on their way to the server. They go on while another view is open.

import { api, upload } from './api.js';
import { announce, set, state } from './store.js';

/** Of the few connections that a browser opens to a server a window takes one for this; the other files wait here. */
const AT_ONCE = 1;
let lastNumber = 0;

/** After so long without progress the row says so. */
const SILENT_MS = 20_000;

/** Takes files in; each becomes a row of what is uploaded. */
export function addFiles(files) {
  const added = Array.from(files, (file) => ({
    number: ++lastNumber,
    file,
    name: file.name,
    bytes: file.size,
    sent: 0,
    isSilent: false,
    status: 'waiting',
    error: null,
    replace: false,
    stop: null,
  }));
  set({ uploads: [...state.uploads, ...added] });
  sendNext();
}

/**
 * The files of a drop; a folder comes as something that looks like a file and cannot be read.
 *
 * @param {DataTransfer} transfer
 * @returns {{files: File[], folders: string[]}} folders by name
 */
export function dropped(transfer) {
  const files = [];
  const folders = [];
  for (const item of transfer.items) {
    const file = item.kind === 'file' ? item.getAsFile() : null;
    if (file !== null && item.webkitGetAsEntry()?.isDirectory) {
      folders.push(file.name);
    } else if (file !== null) {
      files.push(file);
    }
  }
  return { files, folders };
}

/** Keeps the page where it is: it is not left for a file that missed its place, nor unasked while files are sent. */
export function guardUploads() {
  const missed = (event) => {
    if (!event.defaultPrevented && event.dataTransfer?.types.includes('Files')) {
      event.preventDefault();
      event.dataTransfer.dropEffect = 'none';
    }
  };
  addEventListener('dragover', missed);
  addEventListener('drop', missed);
  addEventListener('beforeunload', (event) => {
    if (state.uploads.some(({ status }) => status === 'sending' || status === 'waiting')) {
      event.preventDefault();
    }
  });
}

function change(number, changes) {
  set({ uploads: state.uploads.map((row) => (row.number === number ? { ...row, ...changes } : row)) });
}

function sendNext() {
  const sending = state.uploads.filter((row) => row.status === 'sending').length;
  const next = state.uploads.find((row) => row.status === 'waiting');
  if (next !== undefined && sending < AT_ONCE) {
    send(next);
    sendNext();
  }
}

async function send({ number, file, name, replace }) {
  const stop = new AbortController();
  let silence;
  const onProgress = (sent) => {
    clearTimeout(silence);
    silence = setTimeout(() => change(number, { isSilent: true }), SILENT_MS);
    change(number, { sent, isSilent: false });
  };
  change(number, { status: 'sending', error: null, stop });
  onProgress(0);
  try {
    await upload(file, { replace, signal: stop.signal, onProgress });
    change(number, { status: 'done', sent: file.size });
    announce(`${name} uploaded`);
    set({ uploadsDone: state.uploadsDone + 1 });
  } catch (error) {
    if (error.code === 'aborted') {
      forgetUpload(number);
    } else {
      change(number, { status: 'failed', error });
      announce(`${name} was not uploaded`);
    }
  } finally {
    clearTimeout(silence);
  }
  sendNext();
}

/** Ends an upload; what the server has of it is not kept there. */
export function cancelUpload(row) {
  if (row.stop !== null) {
    row.stop.abort();
  } else {
    forgetUpload(row.number);
  }
}

/** Sends a file again whose name was taken, in the place of the old one; or one that failed. */
export function sendAgain(row, replace) {
  change(row.number, { status: 'waiting', replace, stop: null });
  sendNext();
}

export function forgetUpload(number) {
  set({ uploads: state.uploads.filter((row) => row.number !== number) });
}

/** Deletes a file that was uploaded. */
export async function deleteDataset(path) {
  await api.removeDataset(path);
  announce('Dataset deleted');
}
