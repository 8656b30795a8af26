/** The files of a job folder: their formats, checksums, and writes that have reached the disk. */
package tinderbox.store.files;
