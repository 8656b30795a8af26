// The files that a user drops or chooses, with the folders that they are in.

export const MAX_FILES = 1_000;

/** No dataset has such a name; systems put files like .DS_Store into folders. */
const HIDDEN = /(^|\/)[._]/;

/**
 * The dropped files. The transfer can be read only before the first await.
 *
 * @param {DataTransfer} transfer
 * @returns {Promise<Array<{file: File, path: string}>>} with the folders before the names
 */
export async function droppedFiles(transfer) {
  const entries = [...transfer.items]
    .filter((item) => item.kind === 'file')
    .map((item) => ({ entry: item.webkitGetAsEntry?.() ?? null, file: item.getAsFile() }));
  const files = [];
  for (const { entry, file } of entries) {
    if (entry?.isDirectory) {
      await addFolder(entry, `${entry.name}/`, files);
    } else if (file !== null) {
      files.push({ file, path: file.name });
    }
  }
  return files;
}

async function addFolder(folder, prefix, files) {
  const reader = folder.createReader();
  while (files.length <= MAX_FILES) {
    const entries = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (entries.length === 0) {
      return;
    }
    for (const entry of entries) {
      if (entry.isDirectory) {
        await addFolder(entry, `${prefix}${entry.name}/`, files);
      } else {
        const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
        files.push({ file, path: `${prefix}${entry.name}` });
      }
    }
  }
}

/** The files that were chosen in the dialog of the browser. */
export function chosenFiles(list) {
  return Array.from(list, (file) => ({ file, path: file.webkitRelativePath || file.name }));
}

/**
 * Those that can become datasets, in a folder.
 *
 * @param {string} folder below the root of uploads; may be empty
 * @returns {{files: Array<{file: File, path: string}>, hidden: number}} hidden are left out
 */
export function inFolder(files, folder) {
  const shown = files.filter(({ path }) => !HIDDEN.test(path) || !path.includes('/'));
  const clean = folder.split('/').map((name) => name.trim()).filter((name) => name !== '');
  return {
    files: shown.map(({ file, path }) => ({ file, path: [...clean, path].join('/') })),
    hidden: files.length - shown.length,
  };
}
