/** JSON, as it goes over the wire and to disk: one configured dsl-json. */
package tinderbox.json;
