package tinderbox.http;

import java.util.List;
import java.util.Locale;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;

/** The forms that an answer can have; a caller chooses by {@code ?format=} or, without that, by Accept. */
enum Format {
    JSON("application/json"),
    TEXT("text/plain"),
    CSV("text/csv"),
    NDJSON("application/x-ndjson");

    private final String mediaType;

    Format(String mediaType) {
        this.mediaType = mediaType;
    }

    /**
     * The form that a request wants.
     *
     * @param offered the forms that the call has; the first where the caller does not mind
     * @throws JobException {@link ErrorCode#NOT_ACCEPTABLE} where the Accept header names none of them
     */
    static Format of(Request request, Format... offered) {
        List<Format> formats = List.of(offered);
        Query query = request.query();
        if (query.has("format")) {
            String named = query.choice(
                    "format", formats.stream().map(Format::parameter).toList());
            return formats.stream()
                    .filter(format -> format.parameter().equals(named))
                    .findFirst()
                    .orElse(offered[0]);
        }
        List<String> mediaTypes =
                formats.stream().map(format -> format.mediaType).toList();
        String preferred = request.preferred(mediaTypes)
                .orElseThrow(() -> new JobException(
                        ErrorCode.NOT_ACCEPTABLE,
                        "The Accept header names no form that this call has",
                        "it has " + String.join(", ", mediaTypes)));
        return formats.get(mediaTypes.indexOf(preferred));
    }

    private String parameter() {
        return name().toLowerCase(Locale.ROOT);
    }
}
