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
import tinderbox.json.Json;
import tinderbox.json.MalformedJsonException;

/**
 * A line of the audit log: a JSON object with {@code seq} first and {@code hash} last, and a line feed.
 *
 * <p>The hash is SHA-256, in 64 lower-case hex digits, of the hash of the line before, as such digits, followed by
 * this line's bytes without its own hash: all before {@code ,"hash":}, then the closing brace. Before the first line
 * of all stand 64 zeros. The first line of each file repeats the hash of the line before as {@code prev}, so that the
 * oldest file can be checked from its beginning when those before it have been removed.
 */
public final class AuditLine {
    /** In bytes, without the line feed; no line is longer. */
    static final int MAX_LENGTH = LineReader.MAX_LINE;

    private static final int LONGEST_TEXT = 200;
    private static final int LONGEST_TARGET = 1000;

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private static final byte[] BEFORE_SEQ = "{\"seq\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BEFORE_HASH = ",\"hash\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final Pattern END = Pattern.compile(",\"hash\":\"([0-9a-f]{64})\"}");
    private static final int END_LENGTH = 75;
    private static final String NOBODY = "\"actor\":null,\"role\":null,\"address\":\"";
    private static final String NO_CODE = "\"code\":null,\"request_id\"";
    private static final int FARTHEST_ACTOR = 100;

    private final byte[] bytes;
    private final Map<String, Object> members;
    private final ChainHead link;

    /** That a line is none of the log's; the message says why, as the end of a sentence. */
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

    private AuditLine(byte[] bytes, Map<String, Object> members, ChainHead link) {
        this.bytes = bytes;
        this.members = members;
        this.link = link;
    }

    /** A time as lines have it. */
    static String written(Instant time) {
        return TIME.format(time);
    }

    /** What a line says of an event, in the order of the file. */
    static Map<String, Object> members(AuditEvent event) {
        AuditParams params = AuditParams.of(event.params());
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("actor", AuditParams.text(event.actor(), LONGEST_TEXT));
        members.put("role", AuditParams.text(event.role(), LONGEST_TEXT));
        members.put("address", AuditParams.text(event.address(), LONGEST_TEXT));
        members.put("action", event.action().word());
        members.put("target", AuditParams.text(event.target(), LONGEST_TARGET));
        members.put("params", params.kept());
        members.put("params_cut", params.isCut());
        members.put("status", (long) event.status());
        members.put("code", AuditParams.text(event.code(), LONGEST_TEXT));
        members.put("request_id", AuditParams.text(event.requestId(), LONGEST_TEXT));
        return members;
    }

    /**
     * The line that comes after another.
     *
     * @param told what it says, from {@link #members(AuditEvent)}
     * @param begins whether it is the first one of its file
     */
    static AuditLine after(ChainHead before, Instant time, Map<String, Object> told, boolean begins) {
        long seq = before.seq() + 1;
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("seq", seq);
        members.put("time", written(time));
        members.putAll(told);
        if (begins) {
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
     * Reads a line; whether its hash fits is another question.
     *
     * @param line without its line feed
     * @throws DamagedException where it has not the shape of an audit line
     */
    public static AuditLine read(byte[] line) throws DamagedException {
        if (line.length > MAX_LENGTH) {
            throw new DamagedException("is longer than an audit line can be");
        }
        Map<String, Object> members = parse(line);
        int end = Math.max(0, line.length - END_LENGTH);
        Matcher hash = END.matcher(new String(line, end, line.length - end, StandardCharsets.ISO_8859_1));
        if (!hash.matches() || !(members.get("seq") instanceof Long seq) || seq < 1) {
            throw new DamagedException("is JSON, but has not the seq and the hash of an audit line");
        }
        return new AuditLine(line, members, new ChainHead(seq, hash.group(1)));
    }

    private static Map<String, Object> parse(byte[] line) throws DamagedException {
        try {
            // The parser takes UTF-8 for granted.
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line));
            return Json.readStoredObject(line);
        } catch (CharacterCodingException e) {
            throw new DamagedException("is not JSON, nor any text in UTF-8", e);
        } catch (MalformedJsonException e) {
            throw new DamagedException("is not JSON: " + e.getMessage(), e);
        }
    }

    /** The seq of a line that begins and ends as ours do, without a look at the rest; 0 for another. */
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

    /** Whether its hash is what the hash of the line before and its own bytes make. */
    boolean fits(String before) {
        byte[] body = Arrays.copyOf(bytes, bytes.length - END_LENGTH + 1);
        body[body.length - 1] = '}';
        return link.hash().equals(hash(before, body));
    }

    /** Where the chain has come to with it. */
    ChainHead link() {
        return link;
    }

    /** Whether it tells of this. */
    boolean is(AuditAction action) {
        return action.word().equals(members.get("action"));
    }

    /** A number among its params; -1 if there is none of this name. */
    long number(String name) {
        return members.get("params") instanceof Map<?, ?> params && params.get(name) instanceof Long number
                ? number
                : -1;
    }

    /** A param as text; {@code "null"} if there is none of this name. */
    String param(String name) {
        return members.get("params") instanceof Map<?, ?> params ? String.valueOf(params.get(name)) : "null";
    }

    /**
     * Whether a line tells of a request that was turned away and of which it is not known who sent it, without a look at
     * the rest.
     */
    static boolean isAnonymousRefusal(byte[] line) {
        String text = new String(line, StandardCharsets.ISO_8859_1);
        int nobody = text.indexOf(NOBODY);
        return nobody >= 0 && nobody < FARTHEST_ACTOR && !text.contains(NO_CODE);
    }

    /** What it says is the hash of the line before; null where it does not begin a file. */
    String prev() {
        return members.get("prev") instanceof String prev ? prev : null;
    }

    /** Without its line feed. */
    byte[] bytes() {
        return bytes;
    }

    /**
     * What it says.
     *
     * @throws DamagedException where that is not what the log writes
     */
    public AuditEntry entry() throws DamagedException {
        return new AuditEntry(
                link.seq(),
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
                link.hash());
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
            throw new DamagedException("is JSON, but its " + name + " is none that an audit line has");
        }
        return type.cast(value);
    }
}
