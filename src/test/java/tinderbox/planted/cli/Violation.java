package tinderbox.planted.cli;

/** What the packages below may not import: the command line. */
public final class Violation {
    private Violation() {}
}
