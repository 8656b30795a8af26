package tinderbox.http.api;

import com.dslplatform.json.CompiledJson;
import com.dslplatform.json.JsonAttribute;
import io.undertow.util.Headers;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tinderbox.common.LongRead;
import tinderbox.dataset.DatasetContent;
import tinderbox.dataset.DatasetEntry;
import tinderbox.dataset.DatasetFolder;
import tinderbox.dataset.DatasetListing;
import tinderbox.dataset.DatasetPreview;
import tinderbox.dataset.Datasets;
import tinderbox.dataset.Uploads;
import tinderbox.http.message.ETag;
import tinderbox.http.message.QueryParameters;
import tinderbox.http.message.Request;
import tinderbox.http.message.Response;
import tinderbox.http.message.ResponseBody;
import tinderbox.http.server.LongReads;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;
import tinderbox.job.Slots;
import tinderbox.job.Visibility;
import tinderbox.jobtype.JobType;
import tinderbox.jobtype.ParamSpec;
import tinderbox.jobtype.ResultDisplay;
import tinderbox.jobtype.ResultRoot;
import tinderbox.jobtype.TableColumns;
import tinderbox.json.ExactNumbers;
import tinderbox.security.auth.Role;

/** The endpoints for job types and datasets. */
final class CatalogHandlers {
    private static final int MAX_PAGE = 10_000;
    private static final String SQL = "sql";
    private static final List<String> COLUMNS =
            List.of("name", "path", "kind", "bytes", "modified_at", "writable", "problem");
    private static final Pattern NUMBERS = Pattern.compile("(tiny|small|big)?int|float|double|decimal\\(.*\\)");
    private static final int MAX_DOWNLOADS = 16;
    private static final int MAX_EACH = 4;

    private final TypeAccess types;
    private final Function<Visibility, Datasets> datasets;
    private final TableColumns columns;
    private final LongReads longReads;
    private final ListDownloads listDownloads;
    private final Slots downloads =
            Slots.each(ErrorCode.SERVER_BUSY, "downloads of datasets at the same time", MAX_DOWNLOADS, MAX_EACH);

    CatalogHandlers(
            TypeAccess types,
            Function<Visibility, Datasets> datasets,
            TableColumns columns,
            LongReads longReads,
            ListDownloads listDownloads) {
        this.types = types;
        this.datasets = datasets;
        this.columns = columns;
        this.longReads = longReads;
        this.listDownloads = listDownloads;
    }

    Response jobTypes(Request request) {
        return Response.json(200, types.of(request).stream().map(TypeJson::of).toList());
    }

    Response datasets(Request request) throws IOException {
        QueryParameters query = request.query();
        String path = query.text("path");
        DatasetListing listing = listing(query);
        long offset = query.number("offset", 0, 0, ExactNumbers.MAX_NUMBER);
        int limit = (int) query.number("limit", 1_000, 1, MAX_PAGE);
        TableFormat format = TableFormat.of(query);
        query.check();
        LongReads.Kind kind = listing.search() == null ? LongReads.Kind.LISTING : LongReads.Kind.DATASET_SEARCH;
        int most = format.isCsv() && !query.has("limit") ? ListDownloads.MAX_LINES : limit;
        LongRead.Work<DatasetFolder> read = () -> seen(request).list(path == null ? "" : path, listing, offset, most);
        return format.isCsv()
                ? listDownloads.csv(
                        request, format, "datasets", COLUMNS, () -> listed(longReads.run(request, kind, read), offset))
                : Response.json(200, FolderJson.of(longReads.run(request, kind, read), offset, limit));
    }

    private static ListDownloads.Listed listed(DatasetFolder folder, long offset) {
        List<EntryJson> entries = folder.entries().stream().map(EntryJson::of).toList();
        boolean isTruncated = folder.cutShort() || folder.total() > offset + entries.size();
        return ListDownloads.Listed.of(entries, isTruncated);
    }

    private static DatasetListing listing(QueryParameters query) {
        List<String> words = Arrays.stream(DatasetListing.Sort.values())
                .map(sort -> sort.name().toLowerCase(Locale.ROOT))
                .flatMap(word -> Stream.of(word, "-" + word))
                .toList();
        String sort = query.choice("sort", words);
        boolean descending = sort != null && sort.startsWith("-");
        return new DatasetListing(
                query.text("q"),
                sort == null
                        ? DatasetListing.Sort.NAME
                        : DatasetListing.Sort.valueOf(
                                sort.substring(descending ? 1 : 0).toUpperCase(Locale.ROOT)),
                descending);
    }

    /** A whole file, which is as much as a query can read, so that the same people may have it. */
    Response download(Request request) throws IOException {
        String path = requiredPath(request);
        boolean isOpen = path.startsWith(Uploads.ROOT + "/") || ResultRoot.isResult(path);
        boolean mayQuery = request.principal().role() == Role.ADMIN
                || types.of(request).stream().anyMatch(type -> type.name().equals(SQL));
        if (!isOpen && !mayQuery) {
            throw new JobException(
                    ErrorCode.FORBIDDEN,
                    "On this server, only admins download files that were not uploaded",
                    "ask an admin, or have the server started with --sql on");
        }
        Slots.Slot slot = downloads.take(request.requestOrigin().holder());
        try {
            DatasetContent content = longReads.run(
                    request, LongReads.Kind.DATASET_OPENING, () -> seen(request).content(path));
            return Response.download(
                            new ResponseBody.Releasing(new ResponseBody.FilePart(content.file()), slot::close),
                            "application/octet-stream",
                            content.name())
                    .with(Headers.ETAG, ETag.quoted(content.version()))
                    .with(Headers.ACCEPT_RANGES, "bytes")
                    .with(Headers.CACHE_CONTROL, "private, no-cache");
        } catch (IOException | RuntimeException | Error e) {
            slot.close();
            throw e;
        }
    }

    Response preview(Request request) throws IOException {
        TableFormat format = TableFormat.of(request.query());
        String path = requiredPath(request);
        DatasetPreview preview = longReads.run(
                request, LongReads.Kind.PREVIEW, () -> seen(request).preview(path));
        return format.isCsv()
                ? rows(preview, table(request, path), format)
                : Response.json(200, PreviewJson.of(preview));
    }

    private static Response rows(DatasetPreview preview, TableColumns.Table table, TableFormat format) {
        List<List<String>> rows = PreviewRows.of(preview, table)
                .orElseThrow(() -> new JobException(
                        ErrorCode.INVALID_INPUT,
                        "The first lines of " + preview.path() + " do not split into its columns",
                        "leave out format=csv for the lines, or read its rows with a query"));
        List<TableColumns.TableColumn> columns = table.columns();
        Response.Complete response = format.rows(
                "preview",
                columns.stream().map(TableColumns.TableColumn::name).toList(),
                rows,
                index -> NUMBERS.matcher(columns.get(index).type()).matches());
        return preview.more() ? response.with(ListDownloads.TRUNCATED, "true") : response;
    }

    private TableColumns.Table table(Request request, String path) throws IOException {
        return longReads.run(request, LongReads.Kind.COLUMNS, () -> columns.find(path, seen(request)));
    }

    Response columns(Request request) throws IOException {
        TableFormat format = TableFormat.of(request.query());
        String path = requiredPath(request);
        return format.response(TableJson.of(table(request, path)), "columns", List.of("name", "type"));
    }

    private Datasets seen(Request request) {
        return datasets.apply(request.visibility());
    }

    private static String requiredPath(Request request) {
        QueryParameters query = request.query();
        query.require("path");
        query.check();
        return query.text("path");
    }

    /** A job type. */
    @CompiledJson
    record TypeJson(String type, String title, String description, List<ParamJson> params, DisplayJson result) {
        static TypeJson of(JobType<?> type) {
            List<ParamJson> params = type.params().stream().map(ParamJson::of).toList();
            DisplayJson result = DisplayJson.of(type.resultDisplay());
            return new TypeJson(type.name(), type.title(), type.description(), params, result);
        }
    }

    /** A parameter; fields that do not apply to its kind are null. */
    @CompiledJson
    record ParamJson(
            String name,
            String title,
            String help,
            String kind,
            @JsonAttribute(name = "default") Object defaultValue,
            Object minimum,
            Object maximum,
            @JsonAttribute(name = "max_length") Integer maxLength,
            @JsonAttribute(name = "max_items") Integer maxItems,
            List<String> choices,
            boolean required,
            String syntax,
            List<ExampleJson> examples) {
        static ParamJson of(ParamSpec<?> spec) {
            return new ParamJson(
                    spec.name(),
                    spec.title(),
                    spec.help(),
                    spec.kind().code(),
                    ExactNumbers.of(spec.defaultValue()),
                    ExactNumbers.of(spec.minimum()),
                    ExactNumbers.of(spec.maximum()),
                    spec.maxLength(),
                    spec.maxItems(),
                    spec.choices().isEmpty() ? null : spec.choices(),
                    spec.required(),
                    spec.syntax(),
                    spec.examples().isEmpty()
                            ? null
                            : spec.examples().stream().map(ExampleJson::of).toList());
        }
    }

    /** A value that the form of the page offers. */
    @CompiledJson
    record ExampleJson(String title, String value) {
        static ExampleJson of(ParamSpec.Example example) {
            return new ExampleJson(example.title(), example.value());
        }
    }

    /** How the page shows the result of a job type. */
    @CompiledJson
    record DisplayJson(
            List<TileJson> tiles,
            List<ChartJson> charts,
            @JsonAttribute(name = "row_number") String rowNumber,
            @JsonAttribute(name = "empty_reason") String emptyReason,
            WordsJson words,
            @JsonAttribute(name = "in_context") InContextJson inContext) {
        static DisplayJson of(ResultDisplay display) {
            return new DisplayJson(
                    display.tiles().stream().map(TileJson::of).toList(),
                    display.charts().stream().map(ChartJson::of).toList(),
                    display.rowNumber(),
                    display.emptyReason(),
                    display.words() == null ? null : WordsJson.of(display.words()),
                    display.inContext() == null ? null : InContextJson.of(display.inContext()));
        }
    }

    /** The rows are words with their counts. */
    @CompiledJson
    record WordsJson(
            String word,
            String count,
            String total,
            @JsonAttribute(name = "case_param") String caseParam,
            @JsonAttribute(name = "limit_params") List<String> limitParams,
            ConcordanceJson concordance) {
        static WordsJson of(ResultDisplay.Words words) {
            return new WordsJson(
                    words.word(),
                    words.count(),
                    words.total(),
                    words.caseParam(),
                    words.limitParams(),
                    new ConcordanceJson(
                            words.concordance().type(),
                            words.concordance().wordParam(),
                            words.concordance().sameParams()));
        }
    }

    /** The job that shows a word in its lines. */
    @CompiledJson
    record ConcordanceJson(
            String type,
            @JsonAttribute(name = "word_param") String wordParam,
            @JsonAttribute(name = "same_params") List<String> sameParams) {}

    /** The rows are words with the text around them. */
    @CompiledJson
    record InContextJson(String left, String word, String right) {
        static InContextJson of(ResultDisplay.InContext columns) {
            return new InContextJson(columns.left(), columns.word(), columns.right());
        }
    }

    /** A number of the summary. */
    @CompiledJson
    record TileJson(String summary, String title, String unit) {
        static TileJson of(ResultDisplay.Tile tile) {
            return new TileJson(tile.summary(), tile.title(), tile.unit().code());
        }
    }

    /** A chart; fields that do not apply to its kind are null. */
    @CompiledJson
    record ChartJson(String kind, String label, String value, String summary) {
        static ChartJson of(ResultDisplay.Chart chart) {
            if (chart instanceof ResultDisplay.Bars bars) {
                return new ChartJson("bars", bars.label(), bars.value(), null);
            }
            return new ChartJson("rank_frequency", null, null, ((ResultDisplay.RankFrequency) chart).summary());
        }
    }

    /** A page of a folder of datasets. */
    @CompiledJson
    record FolderJson(
            String path,
            List<EntryJson> entries,
            long total,
            int limit,
            long offset,
            @JsonAttribute(name = "cut_short") boolean cutShort) {
        static FolderJson of(DatasetFolder folder, long offset, int limit) {
            List<EntryJson> entries =
                    folder.entries().stream().map(EntryJson::of).toList();
            return new FolderJson(folder.path(), entries, folder.total(), limit, offset, folder.cutShort());
        }
    }

    /** An entry of a folder; {@code problem} is left out if there is none. */
    @CompiledJson(objectFormatPolicy = CompiledJson.ObjectFormatPolicy.MINIMAL)
    record EntryJson(
            @JsonAttribute(includeToMinimal = JsonAttribute.IncludePolicy.ALWAYS)
            String name,

            @JsonAttribute(includeToMinimal = JsonAttribute.IncludePolicy.ALWAYS)
            String path,

            @JsonAttribute(includeToMinimal = JsonAttribute.IncludePolicy.ALWAYS)
            String kind,

            @JsonAttribute(includeToMinimal = JsonAttribute.IncludePolicy.ALWAYS)
            Long bytes,

            @JsonAttribute(name = "modified_at", includeToMinimal = JsonAttribute.IncludePolicy.ALWAYS)
            Instant modifiedAt,

            @JsonAttribute(includeToMinimal = JsonAttribute.IncludePolicy.ALWAYS)
            boolean writable,

            String problem) {
        static EntryJson of(DatasetEntry entry) {
            return new EntryJson(
                    entry.name(),
                    entry.path(),
                    entry.folder() ? "folder" : "file",
                    entry.bytes(),
                    entry.modifiedAt(),
                    entry.writable(),
                    entry.problem());
        }
    }

    /** A dataset as a table of queries. */
    @CompiledJson
    record TableJson(String path, String format, List<ColumnJson> columns) {
        static TableJson of(TableColumns.Table table) {
            List<ColumnJson> columns = table.columns().stream()
                    .map(column -> new ColumnJson(column.name(), column.type()))
                    .toList();
            return new TableJson(table.path(), table.format(), columns);
        }
    }

    /** A column of a table. */
    @CompiledJson
    record ColumnJson(String name, String type) {}

    /** The first lines of a dataset. */
    @CompiledJson
    record PreviewJson(
            String path,
            List<String> lines,
            boolean more,
            @JsonAttribute(name = "cut_short") boolean cutShort) {
        static PreviewJson of(DatasetPreview preview) {
            return new PreviewJson(preview.path(), preview.lines(), preview.more(), preview.cutShort());
        }
    }
}
