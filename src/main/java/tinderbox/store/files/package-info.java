/** The files of a job folder: formats, checksums and durable writes. */
package tinderbox.store.files;
