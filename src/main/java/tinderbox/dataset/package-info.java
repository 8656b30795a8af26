/** The files that jobs may read: the roots, the checks that no path leaves them, uploads, previews and decompression. */
package tinderbox.dataset;
