package tinderbox.job.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;

class ResultPartsTest {
    private static final List<Column> COLUMNS = List.of(Column.string("text"), Column.integer("n"));

    @TempDir
    Path folder;

    private final ExecutorService tasks = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        tasks.shutdownNow();
    }

    private ResultWriter writer(long maxBytes) throws IOException {
        return new ResultWriter(folder, COLUMNS, maxBytes);
    }

    private static Iterator<List<Object>> rows(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> List.<Object>of("row, " + i, (long) i))
                .iterator();
    }

    /** What a task gets: a copy that has been on the wire. */
    private static ResultParts inTask(ResultWriter writer) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(writer.parts());
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (ResultParts) in.readObject();
        }
    }

    private Set<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
        }
    }

    @Test
    void joinedPartsAndRowsAreWhatTheDriverWouldHaveWritten() throws Exception {
        JobResult joined;
        try (ResultWriter writer = writer(1 << 20)) {
            ResultParts parts = inTask(writer);
            ResultPart late = parts.write(rows(20, 5000));
            ResultPart early = parts.write(rows(1, 10));
            ResultPart none = parts.write(Collections.emptyIterator());
            writer.row(List.of("row, 0", 0));
            writer.join(early);
            writer.join(none);
            rows(10, 20).forEachRemaining(writer::row);
            writer.join(late);
            assertEquals(5000, writer.rows());
            joined = writer.finish(Map.of());
        }
        assertEquals(Set.of(ResultWriter.FILE), files(), "joined parts are deleted");
        Path direct = Files.createDirectory(folder.resolve("direct"));
        try (ResultWriter writer = new ResultWriter(direct, COLUMNS, 1 << 20)) {
            rows(0, 5000).forEachRemaining(writer::row);
            assertEquals(writer.finish(Map.of()), joined);
        }
        assertEquals(-1, Files.mismatch(direct.resolve(ResultWriter.FILE), folder.resolve(ResultWriter.FILE)));
    }

    @Test
    void partsOfExecutorsArriveInPieces() throws Exception {
        List<PartBlock> pieces = new ArrayList<>();
        PartConnection server = piece -> {
            pieces.add(piece);
            return ResultParts.receive(piece);
        };
        try (ResultWriter writer = writer(1 << 24)) {
            ResultParts parts = inTask(writer);
            ResultPart late = parts.send(rows(100_000, 200_000), server);
            ResultPart none = parts.send(Collections.emptyIterator(), server);
            writer.join(parts.send(rows(0, 100_000), server));
            writer.join(none);
            writer.join(late, 1_000);
            writer.finish(Map.of());
        }
        assertEquals(Set.of(ResultWriter.FILE), files(), "joined parts are deleted");
        assertTrue(pieces.size() > 3, "more than one piece for each part");
        Path direct = Files.createDirectory(folder.resolve("direct"));
        try (ResultWriter writer = new ResultWriter(direct, COLUMNS, 1 << 24)) {
            rows(0, 101_000).forEachRemaining(writer::row);
            writer.finish(Map.of());
        }
        assertEquals(-1, Files.mismatch(direct.resolve(ResultWriter.FILE), folder.resolve(ResultWriter.FILE)));
        assertThrows(CancellationException.class, () -> ResultParts.receive(pieces.get(0)), "the result is complete");
    }

    @Test
    void anExecutorIsToldThatTheResultIsTooLarge() throws Exception {
        try (ResultWriter writer = writer(1000)) {
            ResultParts parts = inTask(writer);

            JobException refused =
                    assertThrows(JobException.class, () -> parts.send(rows(0, 1000), ResultParts::receive));

            assertEquals(ErrorCode.LIMIT_EXCEEDED, refused.code());
            assertTrue(refused.getMessage().contains("1000 bytes"), refused::getMessage);
        }
    }

    @Test
    void aPieceThatDoesNotFollowTheOneBeforeItIsRefused() throws Exception {
        List<PartBlock> pieces = new ArrayList<>();
        try (ResultWriter writer = writer(1 << 20)) {
            inTask(writer).send(rows(0, 10), piece -> {
                pieces.add(piece);
                return null;
            });
            PartBlock piece = pieces.get(0);
            PartBlock other = new PartBlock(piece.result(), piece.part(), 7, piece.content(), -1);

            assertThrows(IOException.class, () -> ResultParts.receive(other));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void onlyTheFirstRowsOfAPartAreJoined(int wanted) throws Exception {
        List<List<Object>> rows = List.of(List.of("a", 0), List.of("b\n\"x\"", 1), List.of("c", 2));
        List<String> records = List.of("a,0\n", "\"b\n\"\"x\"\"\",1\n", "c,2\n");
        try (ResultWriter writer = writer(1 << 20)) {
            writer.join(inTask(writer).write(rows.iterator()), wanted);
            assertEquals(wanted, writer.rows());
        }
        assertEquals(
                "text,n\n" + String.join("", records.subList(0, wanted)),
                Files.readString(folder.resolve(ResultWriter.FILE)));
        assertEquals(Set.of(ResultWriter.FILE), files());
    }

    @Test
    void aTaskThatRunsTwiceWritesTwoFilesOfWhichOneIsJoined() throws Exception {
        try (ResultWriter writer = writer(1 << 20)) {
            ResultParts parts = inTask(writer);
            CountDownLatch both = new CountDownLatch(2);
            List<Future<ResultPart>> attempts = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                attempts.add(tasks.submit(() -> {
                    Iterator<List<Object>> rows = rows(0, 3000);
                    return parts.write(new Iterator<List<Object>>() {
                        @Override
                        public boolean hasNext() {
                            return rows.hasNext();
                        }

                        @Override
                        public List<Object> next() {
                            List<Object> row = rows.next();
                            if (row.get(1).equals(1500L)) {
                                both.countDown();
                                awaitUnchecked(both);
                            }
                            return row;
                        }
                    });
                }));
            }
            ResultPart unused = attempts.get(0).get();
            writer.join(attempts.get(1).get());
            assertEquals(3000, writer.finish(Map.of()).rows());
            assertEquals(Set.of(ResultWriter.FILE, unused.file()), files());
        }
        assertEquals(3001, Files.readAllLines(folder.resolve(ResultWriter.FILE)).size());
    }

    private static void awaitUnchecked(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aTaskThatFailsLeavesNoFileAndUsesNoRoom() throws Exception {
        try (ResultWriter writer = writer(150_000)) {
            ResultParts parts = inTask(writer);
            for (int i = 0; i < 5; i++) {
                Iterator<List<?>> failing = Stream.concat(
                                Stream.generate(() -> List.of("x".repeat(1000), 1))
                                        .limit(100),
                                Stream.of(List.of("too few")))
                        .<List<?>>map(row -> row)
                        .iterator();
                assertThrows(IllegalArgumentException.class, () -> parts.write(failing));
                assertEquals(Set.of(ResultWriter.FILE), files());
            }
            Iterator<List<Object>> wrong = List.of(List.<Object>of(1L, 1L)).iterator();
            assertThrows(IllegalArgumentException.class, () -> parts.write(wrong));
            writer.join(parts.write(
                    Collections.nCopies(100, List.of("x".repeat(1000), 1)).iterator()));
        }
    }

    @Test
    void thePartsOfAllTasksTogetherAreBounded() throws Exception {
        try (ResultWriter writer = writer(1_000_000)) {
            ResultParts parts = inTask(writer);
            List<Object> row = List.of("x".repeat(999), 1);
            List<Future<ResultPart>> endless = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                endless.add(tasks.submit(
                        () -> parts.write(Stream.generate(() -> row).iterator())));
            }
            for (Future<ResultPart> task : endless) {
                ExecutionException failed = assertThrows(ExecutionException.class, task::get);
                JobException refused = (JobException) failed.getCause();
                assertEquals(ErrorCode.LIMIT_EXCEEDED, refused.code());
                assertTrue(refused.hint().contains("--max-result-bytes"), refused::hint);
            }
            ResultPart most = parts.write(Collections.nCopies(900, row).iterator());
            assertThrows(
                    JobException.class,
                    () -> parts.write(Collections.nCopies(200, row).iterator()));
            writer.join(most);
            assertThrows(JobException.class, () -> Collections.nCopies(200, row).forEach(writer::row));
        }
    }

    @Test
    void aPartIsJoinedOnceAndInItsOwnResult() throws Exception {
        Path other = Files.createDirectory(folder.resolve("other"));
        try (ResultWriter writer = writer(1 << 20);
                ResultWriter others = new ResultWriter(other, COLUMNS, 1 << 20)) {
            ResultPart part = inTask(writer).write(rows(0, 3));
            assertThrows(IllegalArgumentException.class, () -> others.join(part));
            writer.join(part);
            assertThrows(IllegalArgumentException.class, () -> writer.join(part));
            ResultPart foreign = new ResultPart("../" + ResultWriter.FILE, 1, 7);
            assertThrows(IllegalArgumentException.class, () -> writer.join(foreign));
            assertEquals(3, writer.finish(Map.of()).rows());
        }
    }

    @Test
    void aResultIsNotEmptyBecauseItsPartsWereForgotten() throws Exception {
        try (ResultWriter writer = writer(1 << 20)) {
            inTask(writer).write(rows(0, 3));
            assertThrows(IllegalStateException.class, () -> writer.finish(Map.of()));
        }
        Path other = Files.createDirectory(folder.resolve("other"));
        try (ResultWriter writer = new ResultWriter(other, COLUMNS, 1 << 20)) {
            inTask(writer).write(Collections.emptyIterator());
            assertEquals(0, writer.finish(Map.of()).rows());
        }
    }

    @Test
    void aPartThatWasCutShortIsNotJoined() throws Exception {
        try (ResultWriter writer = writer(1 << 20)) {
            ResultPart part = inTask(writer).write(rows(0, 3));
            Files.writeString(folder.resolve(part.file()), "\"row, 0\",0\n");
            assertThrows(EOFException.class, () -> writer.join(part));
            assertThrows(IllegalStateException.class, () -> writer.finish(Map.of()), "no result lacks rows");
        }
    }

    @Test
    void aResultWhoseLimitWasIgnoredIsNotComplete() throws Exception {
        try (ResultWriter writer = writer(100_000)) {
            List<Object> row = List.of("x".repeat(70_000), 1);
            writer.row(row);
            writer.row(row);
            assertThrows(JobException.class, () -> writer.row(row));
            writer.row(List.of("small", 1));
            assertThrows(IllegalStateException.class, () -> writer.finish(Map.of()));
        }
    }

    @Test
    void aCancelStopsJoiningAndWriting() throws Exception {
        try (ResultWriter writer = writer(1 << 20)) {
            ResultParts parts = inTask(writer);
            ResultPart part = parts.write(rows(0, 3));
            Thread.currentThread().interrupt();
            assertThrows(CancellationException.class, () -> writer.join(part));
            assertThrows(CancellationException.class, () -> parts.write(rows(0, 3)));
            assertTrue(Thread.interrupted());
        }
    }

    @Test
    void afterTheEndNoTaskWrites() throws Exception {
        CountDownLatch writing = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        ResultParts parts;
        Future<ResultPart> zombie;
        try (ResultWriter writer = writer(1 << 20)) {
            parts = inTask(writer);
            ResultParts copy = parts;
            zombie = tasks.submit(() -> copy.write(Stream.generate(() -> {
                        writing.countDown();
                        awaitUnchecked(closed);
                        return List.of("late", 1);
                    })
                    .iterator()));
            writing.await();
            writer.finish(Map.of());
        }
        closed.countDown();
        assertTrue(assertThrows(ExecutionException.class, zombie::get).getCause() instanceof CancellationException);
        assertThrows(CancellationException.class, () -> parts.write(rows(0, 1)));
        assertEquals(Set.of(ResultWriter.FILE), files());
    }

    @Test
    void columnsHaveDifferentNames() {
        JobException refused = assertThrows(
                JobException.class,
                () -> new ResultWriter(folder, List.of(Column.string("a"), Column.integer("a")), 100));
        assertEquals("Two columns of the result are named a", refused.getMessage());
    }
}
