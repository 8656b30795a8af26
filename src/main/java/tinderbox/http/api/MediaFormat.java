package tinderbox.http.api;

import java.util.List;
import java.util.Locale;
import tinderbox.http.message.QueryParameters;
import tinderbox.http.message.Request;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;

/** The forms that an answer can have; a caller chooses by {@code ?format=} or, without that, by Accept. */
enum MediaFormat {
    JSON("application/json"),
    TEXT("text/plain"),
    CSV("text/csv"),
    NDJSON("application/x-ndjson");

    private final String mediaType;

    MediaFormat(String mediaType) {
        this.mediaType = mediaType;
    }

    /**
     * The form that a request wants.
     *
     * @param offered the forms that the call has; the first where the caller does not mind
     * @throws JobException {@link ErrorCode#NOT_ACCEPTABLE} where the Accept header names none of them
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
                        "The Accept header names no form that this call has",
                        "it has " + String.join(", ", mediaTypes)));
        return mediaFormats.get(mediaTypes.indexOf(preferred));
    }

    private String parameter() {
        return name().toLowerCase(Locale.ROOT);
    }
}
