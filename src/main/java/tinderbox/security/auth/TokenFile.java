package tinderbox.security.auth;

import com.dslplatform.json.CompiledJson;
import com.dslplatform.json.JsonAttribute;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
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
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tinderbox.job.Visibility;
import tinderbox.json.Json;
import tinderbox.json.MalformedJsonException;

/**
 * The tokens on disk: {@code tokens.json}, which only its owner can read. It holds hashes, not secrets. A file without
 * tokens lets nobody in, unless it says that the server is open.
 */
public final class TokenFile {
    private static final String NAME = "tokens.json";

    /** The files with hashes of tokens, relative to the data dir; the first is the one that counts. */
    public static final List<String> FILES = List.of(NAME, "audit/" + NAME);

    private static final String LOCK = "tokens.lock";
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final long MAX_BYTES = 16L << 20;
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path file;

    /** The file in this folder. */
    public TokenFile(Path folder) {
        this.file = folder.resolve(NAME);
    }

    @CompiledJson
    record FileJson(
            @JsonAttribute(mandatory = true) List<TokenJson> tokens,
            @JsonAttribute(nullable = true) Boolean open,

            @JsonAttribute(name = "opened_at", nullable = true)
            Instant openedAt) {}

    /**
     * The content of the file.
     *
     * @param open whether authentication is off; null in files of older versions, which do not say
     * @param openedAt when an operator turned authentication off; null if none did
     */
    record Content(List<Token> tokens, Boolean open, Instant openedAt) {
        /** The content that applies if no token was ever created. */
        static final Content INITIAL = new Content(List.of(), true, null);

        Content {
            tokens = List.copyOf(tokens);
        }

        /** Only holders of these tokens are let in. */
        static Content of(List<Token> tokens) {
            return new Content(tokens, false, null);
        }

        /** Authentication is off since then. */
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
            Instant expiresAt,

            @JsonAttribute(nullable = true) List<String> sees) {
        /** Older files have no such member: their viewers see everybody's. */
        Visibility visibility() {
            return sees == null ? Visibility.ALL : Visibility.of(Set.copyOf(sees));
        }
    }

    /** The file itself. */
    Path path() {
        return file;
    }

    /**
     * Reads the file.
     *
     * @throws NoSuchFileException if it is not there
     * @throws IOException if the file cannot be read, or is damaged
     */
    Content read() throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw damaged("it is larger than " + MAX_BYTES + " bytes", null);
        }
        if (!Files.isRegularFile(file)) {
            // Opening a pipe would wait for its writer.
            throw damaged("it is not a file", null);
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
                throw damaged("one of its tokens is malformed", null);
            }
            Role role = Role.ofCode(token.role).orElseThrow(() -> damaged("there is no role " + token.role, null));
            if (!Token.isName(token.name)
                    || !names.add(token.name)
                    || !SHA256.matcher(token.sha256).matches()) {
                throw damaged("one of its tokens is malformed", null);
            }
            if (token.sees != null
                    && (role != Role.VIEWER || !token.sees.stream().allMatch(Token::isName))) {
                throw damaged("the token " + token.name + " has a list sees that it cannot have", null);
            }
            tokens.add(new Token(token.name, role, token.sha256, token.createdAt, token.expiresAt, token.visibility()));
        }
        return new Content(tokens, read.open, read.openedAt);
    }

    private IOException damaged(String why, Exception cause) {
        return new IOException(file + " is damaged: " + why, cause);
    }

    /** Something else is changing the tokens. */
    public static final class BusyException extends IOException {
        private static final long serialVersionUID = 1L;

        BusyException() {
            super("a command or an admin is changing the tokens; try again in a moment");
        }
    }

    /** A change of the content, which may be refused. */
    interface Change<E extends Exception> {
        Content apply(Content before) throws E;
    }

    /**
     * Replaces the content and returns the new one; readers see the old or the new one.
     *
     * @throws BusyException if another process is changing it
     * @throws E if the change is refused
     */
    <E extends Exception> Content change(Change<E> change) throws IOException, E {
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
            return after;
        } catch (OverlappingFileLockException e) {
            throw new BusyException();
        }
    }

    private void write(Content content) throws IOException {
        List<TokenJson> tokens = content.tokens.stream()
                .map(token -> new TokenJson(
                        token.name(),
                        token.role().code(),
                        token.sha256(),
                        token.createdAt(),
                        token.expiresAt(),
                        token.sees().names()))
                .toList();
        byte[] json = Json.write(new FileJson(tokens, content.open, content.openedAt));
        Path temporary = file.resolveSibling(NAME + ".tmp");
        // A crash may have left one with other permissions.
        Files.deleteIfExists(temporary);
        try (FileChannel channel = FileChannel.open(
                temporary, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OWNER_ONLY)) {
            ByteBuffer buffer = ByteBuffer.wrap(json);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel folder = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }
}
