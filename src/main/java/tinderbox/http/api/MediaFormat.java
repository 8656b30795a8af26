package tinderbox.http.api;

import java.util.List;
import java.util.Locale;
import tinderbox.http.message.QueryParameters;
import tinderbox.http.message.Request;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;

/** The formats of responses. A client chooses with {@code ?format=} or, without that, with the Accept header. */
enum MediaFormat {
    JSON("application/json"),
    TEXT("text/plain"),
    CSV("text/csv"),
    NDJSON("application/x-ndjson"),
    PARQUET("application/vnd.apache.parquet"),
    EVENT_STREAM("text/event-stream");

    private final String mediaType;

    MediaFormat(String mediaType) {
        this.mediaType = mediaType;
    }

    /**
     * Chooses the format of a response.
     *
     * @param offered the formats of the endpoint; the first is the default
     * @throws JobException {@link ErrorCode#NOT_ACCEPTABLE} if the Accept header allows none of them
     */
    static MediaFormat of(Request request, MediaFormat... offered) {
        List<MediaFormat> mediaFormats = List.of(offered);
        QueryParameters query = request.query();
        if (query.has("format")) {
            String named = query.choice(
                    "format", mediaFormats.stream().map(MediaFormat::parameter).toList());
            return mediaFormats.stream()
                    .filter(mediaFormat -> mediaFormat.parameter().equals(named))
                    .findFirst()
                    .orElse(offered[0]);
        }
        List<String> mediaTypes =
                mediaFormats.stream().map(mediaFormat -> mediaFormat.mediaType).toList();
        String preferred = request.preferred(mediaTypes)
                .orElseThrow(() -> new JobException(
                        ErrorCode.NOT_ACCEPTABLE,
                        "The Accept header allows no format that this endpoint has",
                        "it has " + String.join(", ", mediaTypes)));
        return mediaFormats.get(mediaTypes.indexOf(preferred));
    }

    private String parameter() {
        return name().toLowerCase(Locale.ROOT);
    }
}
