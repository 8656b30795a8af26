package tinderbox.security.audit;

import java.io.Serial;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tinderbox.common.LineReader;
import tinderbox.common.Sha256;
import tinderbox.json.EscapedJson;
import tinderbox.json.Json;
import tinderbox.json.MalformedJsonException;

/**
 * A line of the audit log: a JSON object with {@code seq} first and {@code hash} last, and a line feed.
 *
 * <p>The hash is SHA-256, in 64 lower-case hex digits, of the hash of the line before, in such digits, followed by
 * this line's bytes without its own hash: all before {@code ,"hash":}, then the closing brace. The first line of all
 * follows 64 zeros. The first line of each file repeats the hash of the line before as {@code prev}, so that the
 * oldest file can be checked from its beginning when those before it have been removed.
 */
public final class AuditLine {
    /** In bytes, without the line feed; no line is longer. */
    static final int MAX_LENGTH = LineReader.MAX_LINE;

    private static final int MAX_TEXT = 200;
    private static final int MAX_TARGET = 1000;

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private static final byte[] BEFORE_SEQ = "{\"seq\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BEFORE_HASH = ",\"hash\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final Pattern END = Pattern.compile(",\"hash\":\"([0-9a-f]{64})\"}");
    private static final int END_LENGTH = 75;
    private static final String NO_ACTOR = "\"actor\":null,\"role\":null,\"address\":\"";
    private static final String NO_CODE = "\"code\":null,\"request_id\"";
    private static final int MAX_ACTOR_OFFSET = 100;

    private final byte[] bytes;
    private final Map<String, Object> members;
    private final ChainHead head;

    /** A line is not as the log writes it; the message says why, as the end of a sentence. */
    public static final class DamagedException extends Exception {
        @Serial
        private static final long serialVersionUID = 1L;

        DamagedException(String message) {
            super(message);
        }

        DamagedException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private AuditLine(byte[] bytes, Map<String, Object> members, ChainHead head) {
        this.bytes = bytes;
        this.members = members;
        this.head = head;
    }

    /** A time as lines have it. */
    static String written(Instant time) {
        return TIME.format(time);
    }

    /** The members of an event's line, in the order of the file. */
    static Map<String, Object> members(AuditEvent event) {
        AuditParams params = AuditParams.of(event.params());
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("actor", AuditParams.text(event.actor(), MAX_TEXT));
        members.put("role", AuditParams.text(event.role(), MAX_TEXT));
        members.put("address", AuditParams.text(event.address(), MAX_TEXT));
        members.put("action", event.action().word());
        members.put("target", AuditParams.text(event.target(), MAX_TARGET));
        members.put("params", params.json());
        members.put("params_cut", params.isCut());
        members.put("status", (long) event.status());
        members.put("code", AuditParams.text(event.code(), MAX_TEXT));
        members.put("request_id", AuditParams.text(event.requestId(), MAX_TEXT));
        return members;
    }

    /**
     * The line that follows another.
     *
     * @param eventMembers from {@link #members(AuditEvent)}
     * @param beginsFile whether it is the first line of its file
     */
    static AuditLine after(ChainHead before, Instant time, Map<String, Object> eventMembers, boolean beginsFile) {
        long seq = before.seq() + 1;
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("seq", seq);
        members.put("time", written(time));
        members.putAll(eventMembers);
        if (beginsFile) {
            members.put("prev", before.hash());
        }
        byte[] body = EscapedJson.write(members);
        String hash = hash(before.hash(), body);
        byte[] end = (",\"hash\":\"" + hash + "\"}").getBytes(StandardCharsets.US_ASCII);
        byte[] line = Arrays.copyOf(body, body.length - 1 + end.length);
        System.arraycopy(end, 0, line, body.length - 1, end.length);
        return new AuditLine(line, members, new ChainHead(seq, hash));
    }

    /**
     * Parses a line. Does not check its hash.
     *
     * @param line without its line feed
     * @throws DamagedException if it does not have the form of an audit line
     */
    public static AuditLine read(byte[] line) throws DamagedException {
        if (line.length > MAX_LENGTH) {
            throw new DamagedException("is longer than an audit line can be");
        }
        Map<String, Object> members = parse(line);
        int end = Math.max(0, line.length - END_LENGTH);
        Matcher hash = END.matcher(new String(line, end, line.length - end, StandardCharsets.ISO_8859_1));
        if (!hash.matches() || !(members.get("seq") instanceof Long seq) || seq < 1) {
            throw new DamagedException("is JSON, but lacks the seq or the hash of an audit line");
        }
        return new AuditLine(line, members, new ChainHead(seq, hash.group(1)));
    }

    private static Map<String, Object> parse(byte[] line) throws DamagedException {
        try {
            // The parser assumes UTF-8.
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line));
            return Json.readStoredObject(line);
        } catch (CharacterCodingException e) {
            throw new DamagedException("is neither JSON nor text in UTF-8", e);
        } catch (MalformedJsonException e) {
            throw new DamagedException("is not JSON: " + e.getMessage(), e);
        }
    }

    /** The seq of a line that begins and ends as audit lines do, without parsing the rest; 0 for any other. */
    static long seq(byte[] line) {
        int end = line.length - END_LENGTH;
        if (end < BEFORE_SEQ.length || !isAt(0, BEFORE_SEQ, line) || !isAt(end, BEFORE_HASH, line)) {
            return 0;
        }
        long seq = 0;
        for (int i = BEFORE_SEQ.length; line[i] >= '0' && line[i] <= '9'; i++) {
            seq = seq * 10 + line[i] - '0';
        }
        return seq;
    }

    private static boolean isAt(int offset, byte[] part, byte[] line) {
        return Arrays.equals(line, offset, offset + part.length, part, 0, part.length);
    }

    private static String hash(String before, byte[] body) {
        byte[] both = Arrays.copyOf(before.getBytes(StandardCharsets.US_ASCII), before.length() + body.length);
        System.arraycopy(body, 0, both, before.length(), body.length);
        return Sha256.hex(both);
    }

    /** Whether its hash follows from the hash of the line before and its own bytes. */
    boolean fits(String before) {
        byte[] body = Arrays.copyOf(bytes, bytes.length - END_LENGTH + 1);
        body[body.length - 1] = '}';
        return head.hash().equals(hash(before, body));
    }

    /** The head of the chain after this line. */
    ChainHead head() {
        return head;
    }

    boolean is(AuditAction action) {
        return action.word().equals(members.get("action"));
    }

    /** A number among its params; -1 if there is none with this name. */
    long number(String name) {
        return members.get("params") instanceof Map<?, ?> params && params.get(name) instanceof Long number
                ? number
                : -1;
    }

    /** A param as text; {@code "null"} if there is none with this name. */
    String param(String name) {
        return members.get("params") instanceof Map<?, ?> params ? String.valueOf(params.get(name)) : "null";
    }

    /**
     * Whether a line reports that a request of an unknown sender was refused, without parsing it.
     */
    static boolean isAnonymousRefusal(byte[] line) {
        String text = new String(line, StandardCharsets.ISO_8859_1);
        int noActor = text.indexOf(NO_ACTOR);
        return noActor >= 0 && noActor < MAX_ACTOR_OFFSET && !text.contains(NO_CODE);
    }

    /** The hash of the line before, as this line states it; null if the line does not begin a file. */
    String prev() {
        return members.get("prev") instanceof String prev ? prev : null;
    }

    /** Without its line feed. */
    byte[] bytes() {
        return bytes;
    }

    /**
     * The content of the line.
     *
     * @throws DamagedException if it is not what the log writes
     */
    public AuditEntry entry() throws DamagedException {
        return new AuditEntry(
                head.seq(),
                time(),
                text("actor"),
                text("role"),
                text("address"),
                member("action", String.class),
                text("target"),
                params(),
                member("params_cut", Boolean.class),
                member("status", Long.class).intValue(),
                text("code"),
                text("request_id"),
                head.hash());
    }

    private Instant time() throws DamagedException {
        try {
            return Instant.parse(member("time", String.class));
        } catch (DateTimeParseException e) {
            throw new DamagedException("has no time", e);
        }
    }

    private Map<String, Object> params() throws DamagedException {
        Map<String, Object> params = new LinkedHashMap<>();
        Map<?, ?> written = member("params", Map.class);
        written.forEach((key, value) -> params.put(String.valueOf(key), value));
        return params;
    }

    private String text(String name) throws DamagedException {
        return members.get(name) == null ? null : member(name, String.class);
    }

    private <T> T member(String name, Class<T> type) throws DamagedException {
        Object value = members.get(name);
        if (!type.isInstance(value)) {
            throw new DamagedException("is JSON, but its " + name + " is not one of an audit line");
        }
        return type.cast(value);
    }
}
