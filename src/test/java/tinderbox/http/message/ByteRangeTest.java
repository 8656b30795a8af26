package tinderbox.http.message;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ByteRangeTest {
    @ParameterizedTest(name = "{0} of 100 bytes is {1}")
    @CsvSource({
        "bytes=0-0, bytes 0-0/100",
        "bytes=0-, bytes 0-99/100",
        "bytes=10-19, bytes 10-19/100",
        "bytes=99-99, bytes 99-99/100",
        "bytes=90-1000, bytes 90-99/100",
        "bytes=90-999999999999999999999999, bytes 90-99/100",
        "bytes=-1, bytes 99-99/100",
        "bytes=-100, bytes 0-99/100",
        "bytes=-1000, bytes 0-99/100",
        "bytes=100-, bytes */100",
        "bytes=100-200, bytes */100",
        "bytes=999999999999999999999999-, bytes */100",
        "bytes=-0, bytes */100"
    })
    void oneRangeIsParsedOrRefused(String range, String contentRange) {
        assertEquals(contentRange, ByteRange.parse(range, 100).orElseThrow().contentRange(100));
    }

    @ParameterizedTest(name = "{0} is ignored")
    @CsvSource(
            delimiter = '|',
            value = {"bytes=0-1,3-4", "bytes=-", "bytes=", "bytes", "bytes=5-4", "lines=0-1", "bytes=a-b", "bytes=1--2"
            })
    void aHeaderWithoutASingleRangeIsIgnored(String range) {
        assertEquals(true, ByteRange.parse(range, 100).isEmpty());
    }
}
