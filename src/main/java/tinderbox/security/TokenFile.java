package tinderbox.security;

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
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import tinderbox.json.Json;
import tinderbox.json.MalformedJsonException;

/**
 * The tokens on disk: {@code tokens.json}, which only its owner can read. It holds hashes and no secrets. Where it is
 * not there, no tokens are needed; one without tokens lets nobody in.
 */
public final class TokenFile {
    private static final String NAME = "tokens.json";
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
    record FileJson(@JsonAttribute(mandatory = true) List<TokenJson> tokens) {}

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
     * Reads all tokens.
     *
     * @throws NoSuchFileException where no token was ever made
     * @throws IOException where the file cannot be read, or is not as it was written
     */
    public List<Token> read() throws IOException {
        if (Files.size(file) > MOST_BYTES) {
            throw damaged("it is larger than " + MOST_BYTES + " bytes", null);
        }
        FileJson read;
        try {
            read = Json.read(FileJson.class, Files.readAllBytes(file));
        } catch (MalformedJsonException e) {
            throw damaged(e.getMessage(), e);
        }
        List<Token> tokens = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (TokenJson token : read.tokens) {
            Role role = Role.ofCode(token.role).orElseThrow(() -> damaged("there is no role " + token.role, null));
            if (!Token.isName(token.name)
                    || !names.add(token.name)
                    || !SHA256.matcher(token.sha256).matches()) {
                throw damaged("one of its tokens is not as it was written", null);
            }
            tokens.add(new Token(token.name, role, token.sha256, token.createdAt, token.expiresAt));
        }
        return List.copyOf(tokens);
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
    void change(UnaryOperator<List<Token>> change) throws IOException {
        Path lock = file.resolveSibling(LOCK);
        try (FileChannel channel = FileChannel.open(
                        lock, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), OWNER_ONLY);
                FileLock held = channel.tryLock()) {
            if (held == null) {
                throw new BusyException();
            }
            List<Token> before = Files.exists(file) ? read() : List.of();
            write(change.apply(before));
        }
    }

    private void write(List<Token> tokens) throws IOException {
        byte[] content = Json.write(new FileJson(tokens.stream()
                .map(token -> new TokenJson(
                        token.name(), token.role().code(), token.sha256(), token.createdAt(), token.expiresAt()))
                .toList()));
        Path beside = file.resolveSibling(NAME + ".tmp");
        // What a crash left may have other permissions.
        Files.deleteIfExists(beside);
        try (FileChannel channel =
                FileChannel.open(beside, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OWNER_ONLY)) {
            ByteBuffer buffer = ByteBuffer.wrap(content);
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
