/** The word count and its engine. */
package tinderbox.jobtype.wordcount;
