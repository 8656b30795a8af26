/** The word count, the concordance, and their engine. */
package tinderbox.jobtype.wordcount;
