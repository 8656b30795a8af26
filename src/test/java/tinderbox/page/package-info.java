/** Tests of the page in a real browser, driven by Playwright, against the real JAR. */
package tinderbox.page;
