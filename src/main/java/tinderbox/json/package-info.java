/** JSON, as it goes over the wire and to disk: one configured dsl-json. Imports {@code java.*} and dsl-json only. */
package tinderbox.json;
