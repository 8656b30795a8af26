/** Runs the commands of the documents as a reader would, and compares what they print ({@code ./run.sh docs-check}). */
package tinderbox.docs;
