// Uploads, which report their progress.

import { encodedPath, errorOf, noResponse } from './api.js';

/**
 * Uploads a file as a dataset. Not with fetch, which does not report progress.
 *
 * @param {File} file
 * @param {string} path where to, below the root of uploads
 * @param {{replace: boolean, signal: AbortSignal, onProgress: (sent: number) => void}} options
 * @returns {Promise<Object>} the new dataset, as in the list of its folder
 * @throws {ApiError}
 */
export function upload(file, path, { replace, signal, onProgress }) {
  const xhr = new XMLHttpRequest();
  return new Promise((resolve, reject) => {
    xhr.open('PUT', `api/v1/datasets/uploads/${encodedPath(path)}${replace ? '?replace=true' : ''}`);
    xhr.responseType = 'text';
    xhr.upload.addEventListener('progress', (event) => onProgress(event.loaded));
    xhr.addEventListener('load', () => {
      const json = parsed(xhr.responseText);
      if (xhr.status >= 200 && xhr.status < 300) {
        resolve(json);
      } else {
        errorOf(xhr.status, json).then(reject);
      }
    });
    xhr.addEventListener('error', () => reject(noResponse(false, false)));
    xhr.addEventListener('abort', () => reject(noResponse(true, true)));
    signal.addEventListener('abort', () => xhr.abort());
    xhr.send(file);
  });
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
