/** Tests of the page: a real browser, driven by Playwright, in front of the real JAR's server. */
package tinderbox.page;
