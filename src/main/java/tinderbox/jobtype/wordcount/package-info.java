/** Counting words: the job type and what it is made of. */
package tinderbox.jobtype.wordcount;
