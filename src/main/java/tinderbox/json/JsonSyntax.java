package tinderbox.json;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/**
 * Checks that a text is one JSON object, or value, strictly by the RFC, before dsl-json parses it. dsl-json accepts
 * {@code +1} and repeated keys, recurses for each level of nesting, and accepts lone surrogates, which cannot be written
 * again.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8259">RFC 8259: The JSON Data Interchange Format</a>
 */
final class JsonSyntax {
    private static final int MAX_DEPTH = 64;
    private static final int MAX_NUMBER_LENGTH = 100;
    private static final int MAX_EXPONENT = 999;
    private static final int MAX_SHOWN_KEY = 100;

    private final byte[] utf8;
    private final boolean anyNumber;
    /** One entry for each open object or array: the keys seen in the object, or {@link #ARRAY}. */
    private final Deque<Set<String>> open = new ArrayDeque<>();

    private static final Set<String> ARRAY = Set.of();

    private int at;

    private JsonSyntax(byte[] utf8, int from, boolean anyNumber) {
        this.utf8 = utf8;
        this.at = from;
        this.anyNumber = anyNumber;
    }

    /**
     * Checks a text.
     *
     * @param from the index of its first byte
     * @param anyNumber whether numbers may have any length and exponent
     * @throws MalformedJsonException with the position of the error, in bytes from 1
     */
    static void check(byte[] utf8, int from, boolean anyNumber) throws MalformedJsonException {
        JsonSyntax text = new JsonSyntax(utf8, from, anyNumber);
        text.skipSpace();
        if (text.peek() != '{') {
            throw text.wrong("Expecting '{'", text.at);
        }
        text.onlyValue();
    }

    /**
     * Checks a text that may be any JSON value, with numbers of any length and exponent.
     *
     * @throws MalformedJsonException with the position of the error, in bytes from 1
     */
    static void checkValue(byte[] utf8) throws MalformedJsonException {
        new JsonSyntax(utf8, 0, true).onlyValue();
    }

    private void onlyValue() throws MalformedJsonException {
        value();
        while (!open.isEmpty()) {
            afterValue();
        }
        skipSpace();
        if (at < utf8.length) {
            throw wrong("Unexpected text after the JSON value", at);
        }
    }

    /** Reads a scalar, or the beginning of an object or array up to its first scalar or its end. */
    private void value() throws MalformedJsonException {
        while (true) {
            skipSpace();
            int c = peek();
            if (c == '{') {
                enter(new HashSet<>());
                if (closes('}')) {
                    return;
                }
                key();
            } else if (c == '[') {
                enter(ARRAY);
                if (closes(']')) {
                    return;
                }
            } else {
                scalar(c);
                return;
            }
        }
    }

    private void scalar(int c) throws MalformedJsonException {
        switch (c) {
            case '"' -> string();
            case 't' -> word("true");
            case 'f' -> word("false");
            case 'n' -> word("null");
            default -> number();
        }
    }

    private void afterValue() throws MalformedJsonException {
        boolean inArray = open.peek() == ARRAY;
        if (closes(inArray ? ']' : '}')) {
            return;
        }
        if (peek() != ',') {
            throw wrong(inArray ? "Expecting ',' or ']'" : "Expecting ',' or '}'", at);
        }
        at++;
        if (!inArray) {
            skipSpace();
            key();
        }
        value();
    }

    private void enter(Set<String> keys) throws MalformedJsonException {
        if (open.size() == MAX_DEPTH) {
            throw wrong("Nested deeper than " + MAX_DEPTH + " levels", at);
        }
        open.push(keys);
        at++;
    }

    private boolean closes(char end) {
        skipSpace();
        if (peek() != end) {
            return false;
        }
        open.pop();
        at++;
        return true;
    }

    private void key() throws MalformedJsonException {
        int start = at;
        if (peek() != '"') {
            throw wrong("Expecting '\"' and a key", at);
        }
        String key = string();
        if (!open.peek().add(key)) {
            String shown = key.codePointCount(0, key.length()) <= MAX_SHOWN_KEY
                    ? key
                    : key.substring(0, key.offsetByCodePoints(0, MAX_SHOWN_KEY)) + "…";
            throw wrong("The key \"" + shown + "\" is there twice in one object, for the second time", start);
        }
        skipSpace();
        if (peek() != ':') {
            throw wrong("Expecting ':'", at);
        }
        at++;
    }

    /** Reads a string; returns it with its escapes decoded. */
    private String string() throws MalformedJsonException {
        int start = ++at;
        int plainFrom = start;
        StringBuilder unescaped = null;
        while (true) {
            int c = peek();
            if (c == '"') {
                String rest = text(plainFrom, at++);
                return unescaped == null ? rest : unescaped.append(rest).toString();
            }
            if (c < 0) {
                throw wrong("A string has no end", at);
            }
            if (c < ' ') {
                throw wrong("Control character in a string", at);
            }
            if (c == '\\') {
                unescaped = unescaped == null ? new StringBuilder() : unescaped;
                unescaped.append(text(plainFrom, at));
                escape(unescaped);
                plainFrom = at;
            } else {
                at++;
            }
        }
    }

    private String text(int from, int to) {
        return new String(utf8, from, to - from, StandardCharsets.UTF_8);
    }

    private void escape(StringBuilder to) throws MalformedJsonException {
        int start = at;
        int c = start + 1 < utf8.length ? utf8[start + 1] : -1;
        int known = "\"\\/bfnrt".indexOf(c);
        if (known >= 0) {
            to.append("\"\\/\b\f\n\r\t".charAt(known));
            at += 2;
            return;
        }
        char unit = unit(start);
        at += 6;
        to.append(unit);
        if (Character.isSurrogate(unit)) {
            if (Character.isLowSurrogate(unit) || peek() != '\\' || !Character.isLowSurrogate(unit(at))) {
                throw wrong("Half a surrogate pair in a string", start);
            }
            to.append(unit(at));
            at += 6;
        }
    }

    /** The value of the escape {@code backslash uXXXX} that begins there. */
    private char unit(int start) throws MalformedJsonException {
        if (start + 1 < utf8.length && utf8[start + 1] != 'u') {
            throw wrong("Not an escape", start);
        }
        int unit = 0;
        for (int i = start + 2; i < start + 6; i++) {
            if (i >= utf8.length) {
                throw wrong("A string has no end", utf8.length);
            }
            int digit = utf8[i] < 0 ? -1 : Character.digit(utf8[i], 16);
            if (digit < 0) {
                throw wrong("Not an escape", start);
            }
            unit = unit << 4 | digit;
        }
        return (char) unit;
    }

    private void word(String word) throws MalformedJsonException {
        for (int i = 0; i < word.length(); i++, at++) {
            if (peek() != word.charAt(i)) {
                throw wrong("Not a JSON value", at);
            }
        }
    }

    private void number() throws MalformedJsonException {
        int start = at;
        if (peek() == '-') {
            at++;
        }
        if (peek() == '0') {
            at++;
        } else if (digits() == 0) {
            throw wrong("Not a JSON value", at);
        }
        if (peek() == '.') {
            at++;
            if (digits() == 0) {
                throw wrong("Expecting a digit", at);
            }
        }
        boolean large = false;
        if (peek() == 'e' || peek() == 'E') {
            at++;
            if (peek() == '+' || peek() == '-') {
                at++;
            }
            int from = at;
            if (digits() == 0) {
                throw wrong("Expecting a digit", at);
            }
            large = exponent(from) > MAX_EXPONENT;
        }
        if (!anyNumber && (large || at - start > MAX_NUMBER_LENGTH)) {
            throw wrong(
                    "A number is longer than " + MAX_NUMBER_LENGTH + " characters or its exponent is beyond "
                            + MAX_EXPONENT + ",",
                    start);
        }
    }

    private int digits() {
        int start = at;
        while (peek() >= '0' && peek() <= '9') {
            at++;
        }
        return at - start;
    }

    private int exponent(int from) {
        int exponent = 0;
        for (int i = from; i < at && exponent <= MAX_EXPONENT; i++) {
            exponent = exponent * 10 + utf8[i] - '0';
        }
        return exponent;
    }

    /** The byte at the current position; -1 at the end. */
    private int peek() {
        return at < utf8.length ? utf8[at] & 0xff : -1;
    }

    private void skipSpace() {
        at = afterSpace(utf8, at);
    }

    /** The index of the first byte, at or after {@code at}, that is not white space. */
    static int afterSpace(byte[] utf8, int at) {
        int i = at;
        while (i < utf8.length && (utf8[i] == ' ' || utf8[i] == '\t' || utf8[i] == '\r' || utf8[i] == '\n')) {
            i++;
        }
        return i;
    }

    private MalformedJsonException wrong(String what, int index) {
        return new MalformedJsonException(what + " at position " + Math.min(index + 1, utf8.length));
    }
}
