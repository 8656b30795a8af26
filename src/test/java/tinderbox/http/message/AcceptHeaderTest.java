package tinderbox.http.message;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AcceptHeaderTest {
    @ParameterizedTest(name = "[{0}] gets {1}")
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "none | application/json",
                "'' | application/json",
                "*/* | application/json",
                "application/* | application/json",
                "text/csv | text/csv",
                "TEXT/CSV; header=present | text/csv",
                "text/* | text/csv",
                "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8 | application/json",
                "text/csv, */* | text/csv",
                "text/csv;q=0.5, application/json;q=0.6 | application/json",
                "text/csv;q=0.5, application/json;q=0.4 | text/csv",
                "application/json;q=0, */* | text/csv",
                "*/*;q=0.1, text/csv;q=0 | application/json",
                "text/html | none",
                "*/*;q=0 | none",
                "text/csv;q=0.000 | none",
                "nonsense | none",
                "; | none",
                "text/csv;q=nonsense | text/csv"
            })
    void thePreferredTypeIsChosen(String header, String expected) {
        assertEquals(
                expected,
                AcceptHeader.best(header, List.of("application/json", "text/csv"))
                        .orElse(null));
    }

    @ParameterizedTest(name = "[{0}] takes gzip: {1}")
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "none | false",
                "'' | false",
                "gzip | true",
                "GZIP | true",
                "gzip, deflate, br | true",
                "deflate, br;q=1.0, gzip;q=0.5 | true",
                "deflate | false",
                "gzip;q=0 | false",
                "gzip;q=0.0, * | false",
                "* | true",
                "*;q=0 | false",
                "identity | false",
                "identity, gzip;q=0.9 | false",
                "identity;q=0.5, gzip;q=0.5 | true",
                "gzip;q=0.1, identity;q=0 | true",
                "*;q=0.1, identity;q=0.2 | false",
                "identity;q=0, *;q=0.001 | true",
                "gzip ; q=0 | false",
                "x-gzip;q=0, gzip | true",
                "gzipped | false",
                "; | false",
                ",,, | false"
            })
    void gzipIsChosenOnlyIfTheClientPrefersIt(String header, boolean expected) {
        assertEquals(expected, AcceptHeader.prefersGzip(header));
    }
}
