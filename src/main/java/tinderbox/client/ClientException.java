package tinderbox.client;

import java.util.List;

/** What a command asked for could not be done; the message says why and what to do. */
public final class ClientException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Reason reason;
    private final transient List<JsonObject> errors;

    /** Why it could not be done; each reason has an exit code. */
    public enum Reason {
        /** The server, or what it sent, failed. */
        FAILED,
        /** The request is wrong: another one may work. */
        WRONG,
        /** The server cannot be reached, or is not ready. */
        UNAVAILABLE,
        /** The token is missing, wrong, or may not do this. */
        REFUSED,
        /** There is no such thing, or its state does not allow this. */
        NOT_FOUND,
        /** It took longer than the user wanted to wait. */
        TIMED_OUT
    }

    public ClientException(Reason reason, String message) {
        this(reason, message, (Throwable) null);
    }

    public ClientException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
        this.errors = List.of();
    }

    /** What a server refused, with its problems of single fields. */
    ClientException(Reason reason, String message, List<JsonObject> errors) {
        super(message);
        this.reason = reason;
        this.errors = List.copyOf(errors);
    }

    /** Something else responds at the server's address. */
    static ClientException foreign(Throwable cause) {
        return new ClientException(
                Reason.FAILED, "the response is not one of a Tinderbox server; check the address", cause);
    }

    public Reason reason() {
        return reason;
    }

    /** What is wrong with single fields of the request: {@code field}, {@code message} and perhaps a {@code position}. */
    public List<JsonObject> errors() {
        return errors;
    }
}
