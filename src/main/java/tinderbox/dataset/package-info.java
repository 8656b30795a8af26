/** What jobs may read: the roots that the operator allows, the guard that no path from outside escapes, and previews. */
package tinderbox.dataset;
