package tinderbox.security.auth;

import com.dslplatform.json.CompiledJson;
import com.dslplatform.json.JsonAttribute;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tinderbox.json.Json;
import tinderbox.json.MalformedJsonException;

/**
 * The tokens on disk: {@code tokens.json}, which only its owner can read. It holds hashes and no secrets. A file
 * without tokens lets nobody in, unless it says that the server is open.
 */
public final class TokenFile {
    private static final String NAME = "tokens.json";

    /** The files of a data dir with hashes of tokens, relative to it; the first is the one that decides. */
    public static final List<String> FILES = List.of(NAME, "audit/" + NAME);

    private static final String LOCK = "tokens.lock";
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final long MOST_BYTES = 16L << 20;
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path file;

    /** That of a data dir. */
    public TokenFile(Path dataDir) {
        this.file = dataDir.resolve(NAME);
    }

    @CompiledJson
    record FileJson(
            @JsonAttribute(mandatory = true) List<TokenJson> tokens,
            @JsonAttribute(nullable = true) Boolean open,

            @JsonAttribute(name = "opened_at", nullable = true)
            Instant openedAt) {}

    /**
     * What the file says.
     *
     * @param open whether it says that nobody needs a token; null if it says nothing about that, as files of older
     *     versions do
     * @param openedAt when somebody opened the server; null if nobody did
     */
    record Content(List<Token> tokens, Boolean open, Instant openedAt) {
        /** What a server goes by for which no token was ever made. */
        static final Content NEVER_MADE = new Content(List.of(), true, null);

        Content {
            tokens = List.copyOf(tokens);
        }

        /** Only the holders of these tokens are let in. */
        static Content of(List<Token> tokens) {
            return new Content(tokens, false, null);
        }

        /** Nobody needs a token. */
        static Content openedAt(Instant time) {
            return new Content(List.of(), true, time);
        }

        boolean isOpen() {
            return Boolean.TRUE.equals(open) && tokens.isEmpty();
        }
    }

    @CompiledJson
    record TokenJson(
            @JsonAttribute(mandatory = true) String name,
            @JsonAttribute(mandatory = true) String role,
            @JsonAttribute(mandatory = true) String sha256,

            @JsonAttribute(name = "created_at", mandatory = true)
            Instant createdAt,

            @JsonAttribute(name = "expires_at", nullable = true)
            Instant expiresAt) {}

    /** The file itself. */
    Path path() {
        return file;
    }

    /**
     * Reads the file.
     *
     * @throws NoSuchFileException if it is not there
     * @throws IOException where the file cannot be read, or is not as it was written
     */
    Content read() throws IOException {
        if (Files.size(file) > MOST_BYTES) {
            throw damaged("it is larger than " + MOST_BYTES + " bytes", null);
        }
        if (!Files.isRegularFile(file)) {
            // Opening a pipe would wait for its writer.
            throw damaged("it is no file", null);
        }
        FileJson read;
        try {
            read = Json.read(FileJson.class, Files.readAllBytes(file));
        } catch (MalformedJsonException e) {
            throw damaged(e.getMessage(), e);
        }
        if (read.tokens == null) {
            throw damaged("it has no list of tokens", null);
        }
        List<Token> tokens = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (TokenJson token : read.tokens) {
            if (token == null
                    || Stream.of(token.name, token.role, token.sha256, token.createdAt)
                            .anyMatch(Objects::isNull)) {
                throw damaged("one of its tokens is not as it was written", null);
            }
            Role role = Role.ofCode(token.role).orElseThrow(() -> damaged("there is no role " + token.role, null));
            if (!Token.isName(token.name)
                    || !names.add(token.name)
                    || !SHA256.matcher(token.sha256).matches()) {
                throw damaged("one of its tokens is not as it was written", null);
            }
            tokens.add(new Token(token.name, role, token.sha256, token.createdAt, token.expiresAt));
        }
        return new Content(tokens, read.open, read.openedAt);
    }

    private IOException damaged(String why, Exception cause) {
        return new IOException(file + " is damaged: " + why, cause);
    }

    /** That another process changes the tokens right now. */
    public static final class BusyException extends IOException {
        private static final long serialVersionUID = 1L;

        BusyException() {
            super("another command changes the tokens right now; try again in a moment");
        }
    }

    /**
     * Puts other tokens in the place of those that are there; a reader sees the ones or the others.
     *
     * @throws BusyException where another process is at it
     */
    void change(UnaryOperator<Content> change) throws IOException {
        Path lock = file.resolveSibling(LOCK);
        try (FileChannel channel = FileChannel.open(
                        lock, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), OWNER_ONLY);
                FileLock held = channel.tryLock()) {
            if (held == null) {
                throw new BusyException();
            }
            Content before = Files.exists(file) ? read() : Content.of(List.of());
            Content after = change.apply(before);
            if (!after.equals(before) || !Files.exists(file)) {
                write(after);
            }
        }
    }

    private void write(Content content) throws IOException {
        List<TokenJson> tokens = content.tokens.stream()
                .map(token -> new TokenJson(
                        token.name(), token.role().code(), token.sha256(), token.createdAt(), token.expiresAt()))
                .toList();
        byte[] json = Json.write(new FileJson(tokens, content.open, content.openedAt));
        Path beside = file.resolveSibling(NAME + ".tmp");
        // What a crash left may have other permissions.
        Files.deleteIfExists(beside);
        try (FileChannel channel =
                FileChannel.open(beside, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OWNER_ONLY)) {
            ByteBuffer buffer = ByteBuffer.wrap(json);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel folder = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }
}
