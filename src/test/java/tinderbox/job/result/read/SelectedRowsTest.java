package tinderbox.job.result.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tinderbox.common.LongRead;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;
import tinderbox.job.result.Column;
import tinderbox.job.result.JobResult;
import tinderbox.job.result.ResultWriter;
import tinderbox.job.result.read.ColumnFilter.Operator;

/** Rows are filtered and sorted by the types of their columns, within bounds. */
class SelectedRowsTest {
    private static final ResultLimits LIMITS = ResultLimits.ofHeap(1L << 30);
    private static final String INSTEAD = "ask for less";

    @TempDir
    Path folder;

    private JobResult result;

    private void write(List<Column> columns, Iterable<? extends List<?>> rows) throws IOException {
        try (ResultWriter writer = new ResultWriter(folder, columns, 1 << 30)) {
            rows.forEach(writer::row);
            result = writer.finish(Map.of());
        }
    }

    private ResultPage page(String text, List<ColumnFilter> filters, List<ColumnSort> sort, long offset, int limit)
            throws IOException {
        return page(new ResultQuery(false, text, filters, sort, INSTEAD), offset, limit, LIMITS);
    }

    private ResultPage page(ResultQuery query, long offset, int limit, ResultLimits limits) throws IOException {
        return ResultReader.page(
                result, Files.newByteChannel(folder.resolve(ResultWriter.FILE)), query, offset, limit, limits);
    }

    private List<Long> numbers(List<ColumnFilter> filters, ColumnSort... sort) throws IOException {
        return page(null, filters, List.of(sort), 0, 10_000).numbers();
    }

    private ColumnSort by(int column, boolean descending) {
        return new ColumnSort(column, result.columns().get(column).type(), descending);
    }

    private ColumnFilter where(int column, String operator, String value) {
        return ColumnFilter.of(
                column,
                result.columns().get(column).type(),
                Operator.ofCode(operator).orElseThrow(),
                value);
    }

    @Test
    void aSearchLooksInTheFirstColumnAndInTextsOrInSomeAsIfTheyWereOne() throws IOException {
        List<Column> columns = List.of(Column.integer("n"), Column.string("a"), Column.string("b"));
        write(
                columns,
                List.of(List.of(7, "one", "Two"), Arrays.asList(8, null, "seven 7"), Arrays.asList(9, "x", null)));
        assertEquals(List.of(1L), numbers("tw", List.of()));
        assertEquals(List.of(1L, 2L), numbers("7", List.of()));
        assertEquals(List.of(), numbers("neT", List.of()));
        assertEquals(List.of(1L), numbers("NET", List.of(1, 2)));
        assertEquals(List.of(3L), numbers("9x", List.of(0, 1, 2)));
        write(List.of(Column.integer("n"), Column.integer("m")), List.of(List.of(7, 1), List.of(8, 7)));
        assertEquals(List.of(1L), numbers("7", List.of()));
    }

    private List<Long> numbers(String text, List<Integer> together) throws IOException {
        ResultQuery query = new ResultQuery(false, text, together, List.of(), List.of(), INSTEAD);
        return page(query, 0, 10, LIMITS).numbers();
    }

    /** Values of a type in their order; equal ones are in one list. */
    private static List<List<Object>> ordered(Column.Type type) {
        return switch (type) {
            case STRING, JSON ->
                Stream.of(
                                "", "\0", "\0\0", "\0a", "\u0001", "\"", "\"\"", "A", "a", "a\0", "a\0b", "a\u0001",
                                "a\"b", "a,\n", "aa", "é", "\uffff", "😀")
                        .map(List::<Object>of)
                        .toList();
            case INTEGER ->
                Stream.of(
                                "-1e999", "-1e20", "-100", "-99", "-10", "-9", "-1", "0", "1", "2", "9", "10", "11",
                                "99", "100")
                        .map(text -> List.<Object>of(new BigDecimal(text).toBigIntegerExact()))
                        .toList();
            case DECIMAL ->
                List.of(
                        decimals("-123456789012345678901234567890.5"),
                        decimals("-10.01"),
                        decimals("-10", "-10.00"),
                        decimals("-0.1"),
                        decimals("-0.01"),
                        decimals("-0.0001"),
                        decimals("0", "0.00"),
                        decimals("0.00001"),
                        decimals("0.001", "0.0010"),
                        decimals("0.1"),
                        decimals("0.15"),
                        decimals("1", "1.0"),
                        decimals("1.000000000000000000001"),
                        decimals("9.99"),
                        decimals("10", "10.0"),
                        decimals("100"));
            case DOUBLE ->
                List.of(
                        List.of(Double.NEGATIVE_INFINITY),
                        List.of(-Double.MAX_VALUE),
                        List.of(-1.5),
                        List.of(-Double.MIN_VALUE),
                        List.of(-0.0, 0.0),
                        List.of(Double.MIN_VALUE),
                        List.of(0.1, 0.1f),
                        List.of(1.0),
                        List.of(1e300),
                        List.of(Double.POSITIVE_INFINITY),
                        List.of(Double.NaN));
            case BOOLEAN -> List.of(List.of(false), List.of(true));
            case DATE ->
                Stream.of(
                                "-999999999-01-01",
                                "-0001-12-31",
                                "0000-01-01",
                                "1969-12-31",
                                "1970-01-01",
                                "9999-12-31",
                                "+10000-01-01")
                        .map(text -> List.<Object>of(LocalDate.parse(text)))
                        .toList();
            case TIMESTAMP ->
                Stream.of(
                                "-0001-01-01T00:00:00Z",
                                "1969-12-31T23:59:59.999999Z",
                                "1970-01-01T00:00:00Z",
                                "1970-01-01T00:00:00.1Z",
                                "1970-01-01T00:00:00.100001Z",
                                "1970-01-01T00:00:01Z",
                                "+10000-01-01T00:00:00Z")
                        .map(text -> List.<Object>of(Instant.parse(text)))
                        .toList();
            case TIMESTAMP_NTZ ->
                Stream.of("-0001-01-01T00:00", "1969-12-31T23:59:59.5", "1970-01-01T00:00", "+10000-01-01T00:00")
                        .map(text -> List.<Object>of(LocalDateTime.parse(text)))
                        .toList();
            case BINARY ->
                Stream.of(
                                new byte[0],
                                new byte[] {0},
                                new byte[] {0, 0},
                                new byte[] {1},
                                new byte[] {0x7f},
                                new byte[] {-1})
                        .map(List::<Object>of)
                        .toList();
        };
    }

    private static List<Object> decimals(String... texts) {
        return Stream.of(texts).<Object>map(BigDecimal::new).toList();
    }

    /** A row of the result, by the place of its value in the order; -1 for null. */
    private record Cell(int place, Object value) {}

    private List<Cell> shuffled(Column.Type type) throws IOException {
        List<Cell> cells = new ArrayList<>(Collections.nCopies(2, new Cell(-1, null)));
        List<List<Object>> ordered = ordered(type);
        for (int place = 0; place < ordered.size(); place++) {
            for (Object value : ordered.get(place)) {
                cells.add(new Cell(place, value));
                cells.add(new Cell(place, value));
            }
        }
        Collections.shuffle(cells, new Random(7));
        write(
                List.of(new Column("value", type)),
                cells.stream().map(cell -> Arrays.asList(cell.value)).toList());
        return cells;
    }

    private static List<Long> numbers(List<Cell> cells, Comparator<Integer> order) {
        Comparator<Long> byPlace = Comparator.comparing(number -> cells.get(number.intValue() - 1).place, order);
        return LongStream.rangeClosed(1, cells.size()).boxed().sorted(byPlace).toList();
    }

    @ParameterizedTest
    @EnumSource(Column.Type.class)
    void rowsAreSortedByTheTypeOfTheColumnWithNullsLastAndEqualOnesInTheirOrder(Column.Type type) throws Exception {
        List<Cell> cells = shuffled(type);
        Comparator<Integer> nullsLast = Comparator.comparing(place -> place < 0);

        assertEquals(
                numbers(cells, nullsLast.thenComparing(Comparator.naturalOrder())), numbers(List.of(), by(0, false)));
        assertEquals(
                numbers(cells, nullsLast.thenComparing(Comparator.reverseOrder())), numbers(List.of(), by(0, true)));
    }

    @ParameterizedTest
    @EnumSource(Column.Type.class)
    void cellsAreComparedByTheTypeOfTheColumnAndNullsSatisfyNothing(Column.Type type) throws Exception {
        List<Cell> cells = shuffled(type);
        List<List<Object>> ordered = ordered(type);
        for (int place = 0; place < ordered.size(); place++) {
            for (Object value : ordered.get(place)) {
                String text =
                        value instanceof byte[] bytes ? Base64.getEncoder().encodeToString(bytes) : value.toString();
                Set<List<Long>> answers = new HashSet<>();
                for (String operator : List.of("eq", "ne", "lt", "le", "gt", "ge")) {
                    List<Long> expected = new ArrayList<>();
                    for (int i = 0; i < cells.size(); i++) {
                        if (cells.get(i).place >= 0 && holds(Integer.compare(cells.get(i).place, place), operator)) {
                            expected.add(i + 1L);
                        }
                    }
                    assertEquals(expected, numbers(List.of(where(0, operator, text))), operator + " " + text);
                    answers.add(expected);
                }
                assertTrue(answers.size() > 2, "the values tell the operators apart");
            }
        }
        assertEquals(2, numbers(List.of(where(0, "null", null))).size());
        assertEquals(
                cells.size() - 2, numbers(List.of(where(0, "notnull", null))).size());
    }

    private static boolean holds(int comparison, String operator) {
        return switch (operator) {
            case "eq" -> comparison == 0;
            case "ne" -> comparison != 0;
            case "lt" -> comparison < 0;
            case "le" -> comparison <= 0;
            case "gt" -> comparison > 0;
            default -> comparison >= 0;
        };
    }

    @ParameterizedTest
    @CsvSource({
        "INTEGER, 1e2, true",
        "INTEGER, +7, true",
        "INTEGER, 2.5, true",
        "INTEGER, .5, true",
        "INTEGER, 0x10, false",
        "INTEGER, '', false",
        "INTEGER, ٣, false",
        "INTEGER, 1e1000, false",
        "INTEGER, NaN, false",
        "DOUBLE, NaN, true",
        "DOUBLE, -Infinity, true",
        "DOUBLE, 1f, false",
        "DOUBLE, 1e999, true",
        "DECIMAL, '1,5', false",
        "BOOLEAN, true, true",
        "BOOLEAN, TRUE, false",
        "DATE, 2026-11-30, true",
        "DATE, 2026-02-30, false",
        "DATE, 30.11.2026, false",
        "TIMESTAMP, 2026-11-30T12:00:00Z, true",
        "TIMESTAMP, 2026-11-30T12:00+01:00, true",
        "TIMESTAMP, 2026-11-30, true",
        "TIMESTAMP, 2026-11-30T12:00, false",
        "TIMESTAMP, yesterday, false",
        "TIMESTAMP_NTZ, 2026-11-30T12:00, true",
        "TIMESTAMP_NTZ, 2026-11-30, true",
        "TIMESTAMP_NTZ, 2026-11-30T12:00Z, false",
        "BINARY, AAE=, true",
        "BINARY, ?, false",
        "JSON, '{', true"
    })
    void aValueMustFitTheTypeOfItsColumn(Column.Type type, String value, boolean fits) {
        if (fits) {
            ColumnFilter.of(0, type, Operator.EQ, value);
        } else {
            String message = assertThrows(
                            IllegalArgumentException.class, () -> ColumnFilter.of(0, type, Operator.EQ, value))
                    .getMessage();
            assertTrue(message.startsWith("must be "), message);
        }
    }

    @ParameterizedTest
    @CsvSource({"ÄPFEL, 2", "b\"C, 3", "äpfel, 2", "pfel, 2", "'', 5", "3, 4", "K, 1 5"})
    void aTextIsContainedWhateverItsCase(String text, String expected) throws Exception {
        write(
                List.of(Column.string("text")),
                List.of(
                        List.of("kelvin"),
                        List.of("zwei Äpfel"),
                        List.of("A,B\"c"),
                        List.of("123"),
                        List.of("\u212a"),
                        Arrays.asList((Object) null)));
        List<Long> numbers = numbers(List.of(where(0, "contains", text)));
        if (text.isEmpty()) {
            assertEquals(List.of(1L, 2L, 3L, 4L, 5L), numbers);
        } else {
            assertEquals(Stream.of(expected.split(" ")).map(Long::valueOf).toList(), numbers);
        }
        assertEquals(numbers, page(text, List.of(), List.of(), 0, 10).numbers());
    }

    @Test
    void severalColumnsSortAndSeveralFiltersMustAllHold() throws Exception {
        write(
                List.of(Column.string("word"), Column.integer("count"), new Column("ratio", Column.Type.DOUBLE)),
                List.of(
                        List.of("b", 2, 0.5),
                        List.of("a", 2, 0.25),
                        List.of("c", 10, 0.5),
                        Arrays.asList("d", null, 0.5),
                        List.of("a", 2, 0.125)));

        assertEquals(List.of(3L, 5L, 2L, 1L, 4L), numbers(List.of(), by(1, true), by(0, false), by(2, false)));
        assertEquals(List.of(2L, 5L), numbers(List.of(where(1, "lt", "10"), where(0, "eq", "a"))));
        ResultPage last = page("a", List.of(where(1, "notnull", null)), List.of(by(2, false)), 1, 5);
        assertEquals(List.of(2L), last.numbers());
        assertEquals(2, last.total());
    }

    @Test
    void everyPageOfASortIsPartOfTheSameOrder() throws Exception {
        Random random = new Random(3);
        List<List<Object>> rows = IntStream.range(0, 5000)
                .mapToObj(i -> List.<Object>of("\"\n,".repeat(random.nextInt(30)) + i, random.nextInt(100)))
                .toList();
        write(List.of(Column.string("text"), Column.integer("n")), rows);
        List<List<Object>> sorted = rows.stream()
                .sorted(Comparator.comparing(row -> (Integer) row.get(1)))
                .toList();
        for (int offset = 0; offset < 5000; offset += 970) {
            ResultPage page = page(null, List.of(), List.of(by(1, false)), offset, 7);
            assertEquals(
                    sorted.subList(offset, offset + 7).stream()
                            .map(row -> row.get(0))
                            .toList(),
                    page.rows().stream().map(row -> row.get(0)).toList());
            assertEquals(5000, page.total());
        }
        assertEquals(
                List.of(),
                page(null, List.of(), List.of(by(1, false)), 1L << 40, 7).rows());
    }

    @Test
    void whatIsTooMuchToSortIsRefusedUnlessFiltersLeaveLess() throws Exception {
        write(
                List.of(Column.integer("n")),
                IntStream.range(0, 1000).mapToObj(List::of).toList());
        ResultLimits fewRows = new ResultLimits(999, 1 << 20, 1 << 20);
        ResultLimits fewBytes = new ResultLimits(1_000_000, 64 << 10, 1 << 20);
        ResultQuery all = new ResultQuery(false, null, List.of(), List.of(by(0, true)), INSTEAD);
        ResultQuery some = new ResultQuery(false, null, List.of(where(0, "lt", "500")), List.of(by(0, true)), INSTEAD);

        for (ResultLimits limits : List.of(fewRows, fewBytes)) {
            JobException refused = assertThrows(JobException.class, () -> page(all, 0, 1, limits));
            assertEquals(ErrorCode.LIMIT_EXCEEDED, refused.code());
            assertEquals(INSTEAD, refused.hint());
            assertEquals(List.of(500L), page(some, 0, 1, limits).numbers());
        }
    }

    @Test
    void numbersAreAddedUpByTextWithinTheBoundsOfASort() throws Exception {
        write(
                List.of(Column.string("text"), Column.integer("n")),
                Arrays.asList(
                        List.of("The", 2),
                        Arrays.asList(null, 5),
                        List.of("a,\"b", 3),
                        Arrays.asList("A,\"B", null),
                        List.of("É", 1),
                        Arrays.asList("none", null),
                        List.of("é", 1),
                        List.of("the", 1)));
        ResultQuery folded = new ResultQuery(true, null, List.of(), List.of(), INSTEAD);
        ResultPage page = page(folded, 0, 10, LIMITS);
        assertEquals(
                "[[null, 5], [a,\"b, 3], [the, 3], [é, 2], [none, null]]",
                page.rows().toString());
        assertEquals(5, page.total());

        for (ResultLimits limits : List.of(new ResultLimits(4, 1 << 20, 1 << 20), new ResultLimits(5, 1000, 1 << 20))) {
            JobException refused = assertThrows(JobException.class, () -> page(folded, 0, 1, limits));
            assertEquals(ErrorCode.LIMIT_EXCEEDED, refused.code());
        }
        write(
                List.of(Column.string("text"), Column.integer("n")),
                List.of(List.of("a", Long.MAX_VALUE), List.of("A", 1)));
        assertEquals(
                ErrorCode.LIMIT_EXCEEDED,
                assertThrows(JobException.class, () -> page(folded, 0, 1, LIMITS))
                        .code());
    }

    @Test
    void aSortCountsAllOfItsMemoryNotOnlyItsKeys() throws Exception {
        write(
                List.of(Column.integer("n")),
                IntStream.range(0, 100_000).mapToObj(List::of).toList());
        ResultQuery sort = new ResultQuery(false, null, List.of(), List.of(by(0, true)), INSTEAD);
        // For each row an entry, a key of 10 bytes with its header, and two references.
        long held = 100_000L * (40 + 32 + 2 * 4);

        assertThrows(JobException.class, () -> page(sort, 0, 1, new ResultLimits(1_000_000, held, 1 << 20)));
    }

    @Test
    void aSortEndsWithItsTimeAndWithItsClient() throws Exception {
        write(
                List.of(Column.integer("n")),
                IntStream.range(0, 50_000)
                        .mapToObj(i -> List.of(i * 7919 % 50_000))
                        .toList());
        AtomicLong checks = new AtomicLong();
        ResultQuery filter = new ResultQuery(false, null, List.of(where(0, "ge", "0")), List.of(), INSTEAD);
        ResultQuery sort = new ResultQuery(false, null, List.of(), List.of(by(0, false)), INSTEAD);
        LongRead.within(Duration.ofDays(1), checks::incrementAndGet).run(() -> page(filter, 0, 1, LIMITS));
        long untilTheRowsAreRead = checks.get();

        checks.set(0);
        JobException refused = assertThrows(
                JobException.class,
                () -> LongRead.within(Duration.ofNanos(untilTheRowsAreRead + 1), checks::incrementAndGet)
                        .run(() -> page(sort, 0, 1, LIMITS)));
        assertEquals(ErrorCode.LIMIT_EXCEEDED, refused.code());
        assertEquals(INSTEAD, refused.hint());

        checks.set(0);
        LongRead[] read = new LongRead[1];
        read[0] = LongRead.within(Duration.ofDays(1), () -> {
            if (checks.incrementAndGet() > untilTheRowsAreRead + 1) {
                read[0].cancel();
            }
            return 0;
        });
        assertThrows(CancellationException.class, () -> read[0].run(() -> page(sort, 0, 1, LIMITS)));
    }

    @Test
    void aResultWithoutColumnsHasItsRows() throws Exception {
        write(List.of(), List.of(List.of(), List.of(), List.of()));

        assertEquals(
                List.of(List.of(), List.of()),
                page(null, List.of(), List.of(), 1, 10).rows());
        assertEquals(0, page("a", List.of(), List.of(), 0, 10).total());
    }

    @Test
    void aResultCanHaveThousandsOfColumns() throws Exception {
        List<Column> columns =
                IntStream.range(0, 2000).mapToObj(i -> Column.integer("c" + i)).toList();
        write(
                columns,
                IntStream.range(0, 50)
                        .mapToObj(row -> IntStream.range(0, 2000)
                                .mapToObj(i -> (row * 31 + i) % 50)
                                .toList())
                        .toList());

        ResultPage page = page(null, List.of(where(1999, "ne", "7")), List.of(by(1998, false)), 0, 3);
        assertEquals(2000, page.rows().get(0).size());
        assertEquals("0", page.rows().get(0).get(1998).toString());
        assertEquals(49, page.total());
    }

    @Test
    void hugeCellsAreReadUpToABound() throws Exception {
        String huge = "x\"".repeat(5 << 20);
        write(
                List.of(Column.string("text"), Column.integer("n")),
                List.of(List.of("a", 3), List.of(huge, 2), List.of("é" + huge, 1)));

        ResultPage page = page(null, List.of(where(0, "contains", "É")), List.of(), 0, 10);
        assertEquals("é" + huge, page.rows().get(0).get(0));
        assertEquals(
                List.of(3L), page(null, List.of(), List.of(by(1, false)), 0, 2).numbers());
        ResultQuery sort = new ResultQuery(false, null, List.of(), List.of(by(0, false)), INSTEAD);
        assertEquals(List.of(1L), page(sort, 0, 1, LIMITS).numbers());

        JobException refused =
                assertThrows(JobException.class, () -> page(sort, 0, 1, new ResultLimits(1000, 1 << 30, 1 << 20)));
        assertEquals(ErrorCode.LIMIT_EXCEEDED, refused.code());
        refused = assertThrows(JobException.class, () -> page(sort, 0, 1, new ResultLimits(1000, 20 << 20, 64 << 20)));
        assertEquals(ErrorCode.LIMIT_EXCEEDED, refused.code());
    }

    @Test
    void rowsWithTheWrongNumberOfCellsAreDamage() throws Exception {
        for (String damaged : List.of("a,b\n1\n", "a,b\n1,2,3\n", "a,b\n\"1\"2,3\n", "a,b\n1,\"2\n")) {
            result = new JobResult(List.of(Column.string("a"), Column.string("b")), 1, 0, "", Map.of());
            Files.write(folder.resolve(ResultWriter.FILE), damaged.getBytes(StandardCharsets.UTF_8));
            assertThrows(IOException.class, () -> page(null, List.of(), List.of(), 0, 1));
        }
    }
}
