/** Saved presets: types and parameters of jobs under names, in files of the data dir. */
package tinderbox.preset;
