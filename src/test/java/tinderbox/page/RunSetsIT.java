package tinderbox.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.FilePayload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Many jobs at once. */
class RunSetsIT extends PageTest {
    private static final int TEXTS = 30;

    /** What a trainer does with the texts of a class. */
    @Test
    void thirtyTextsAreUploadedCountedComparedAndDownloadedAsOne() throws IOException {
        Map<String, Map<String, Long>> countsByPath = new TreeMap<>();
        List<FilePayload> files = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        for (int n = 1; n <= TEXTS; n++) {
            sizes.add(n);
        }
        Random random = new Random(22);
        Collections.shuffle(sizes, random);
        for (int n = 0; n < TEXTS; n++) {
            String name = String.format("essay-%02d.txt", n + 1);
            List<String> words = words(sizes.get(n), random);
            files.add(new FilePayload(
                    name, "text/plain", (String.join(" ", words) + "\n").getBytes(StandardCharsets.UTF_8)));
            Map<String, Long> counts = countsByPath.computeIfAbsent("uploads/" + name, path -> new TreeMap<>());
            words.forEach(word -> counts.merge(word, 1L, Long::sum));
        }
        String poorest = String.format("essay-%02d.txt", sizes.indexOf(1) + 1);
        String richest = String.format("essay-%02d.txt", sizes.indexOf(TEXTS) + 1);

        open("/datasets");
        page.getByLabel("Choose files").setInputFiles(files.toArray(FilePayload[]::new));
        Locator uploads = page.getByRole(AriaRole.LIST, new Page.GetByRoleOptions().setName("Uploads"))
                .getByRole(AriaRole.LISTITEM);
        assertThat(uploads.filter(new Locator.FilterOptions().setHasText("Uploaded")))
                .hasCount(TEXTS);
        button("Use these " + TEXTS + " in a run set").click();
        assertThat(page.getByText("30 jobs: 30 datasets")).isVisible();
        button("Reset").click();
        page.navigate(page.url().replace("#/new", "#/datasets"));
        button("Dismiss these " + TEXTS).click();
        assertThat(uploads).hasCount(0);

        navigation("New job").click();
        button("Choose several").click();
        assertThat(page.getByText("Choose at least one dataset")).isVisible();
        button(Pattern.compile("^uploads")).click();
        button("Add each file").click();
        assertThat(textbox("Dataset")).hasValue(Pattern.compile(String.join("\n", countsByPath.keySet())));
        // Other tests may have uploaded files there, too.
        textbox("Dataset").fill(String.join("\n", countsByPath.keySet()));
        assertThat(page.getByText("30 jobs: 30 datasets")).isVisible();
        textbox("Name").fill("Essays of the class");
        textbox("Labels").fill("course: b3");
        button("Run 30 jobs").click();

        assertThat(heading("Essays of the class")).isVisible();
        assertThat(button(Pattern.compile("^Succeeded 30"))).isVisible();
        button("Distinct words").click();
        assertThat(rows().first()).containsText(poorest);
        button("Distinct words").click();
        assertThat(page).hasURL(Pattern.compile("sort=-summary\\.distinct_words"));
        assertThat(rows().first()).containsText(richest);
        assertThat(rows().last()).containsText(poorest);
        page.locator(".small-charts").scrollIntoViewIfNeeded();
        assertThat(page.locator(".small-charts svg.bars").first()).isVisible();
        Download charts = page.waitForDownload(() -> button("Save as SVG").click());
        String picture = Files.readString(charts.path());
        assertTrue(picture.contains(richest + "</text>"), "each chart has its name");
        assertFalse(picture.contains("var("), "a file has no style sheet");

        Download download =
                page.waitForDownload(() -> link("Combined result (CSV)").click());
        assertEquals(countsByPath, parsed(Files.readString(download.path())));

        page.getByLabel("Compare " + richest).check();
        page.getByLabel("Compare " + poorest).check();
        link("Compare").click();
        Locator distinctWords = page.getByRole(AriaRole.ROW)
                .filter(new Locator.FilterOptions().setHasText("Distinct words"))
                .getByRole(AriaRole.CELL);
        assertThat(distinctWords)
                .hasText(new String[] {distinct(countsByPath, richest), distinct(countsByPath, poorest)});
        page.goBack();
        assertThat(rows().first()).containsText(richest);
        assertThat(page.getByLabel("Compare " + poorest)).isChecked();

        button("Edit").click();
        textbox("Note").fill("Read in May.\nTwo are missing.");
        button("Save").click();
        assertThat(region("Note")).hasText("Read in May.\nTwo are missing.");
    }

    /** Words in a random order, of which so many times three are different. */
    private static List<String> words(int size, Random random) {
        List<String> words = new ArrayList<>();
        for (int word = 0; word < 3 * size; word++) {
            words.addAll(Collections.nCopies(1 + random.nextInt(4), "w" + Integer.toString(word, Character.MAX_RADIX)));
        }
        Collections.shuffle(words, random);
        return words;
    }

    private static String distinct(Map<String, Map<String, Long>> countsByPath, String name) {
        return String.valueOf(countsByPath.get("uploads/" + name).size());
    }

    private Locator rows() {
        return region("Overview").locator("tbody tr");
    }

    /** The counts by path and word of a combined result, none of whose cells is quoted. */
    private static Map<String, Map<String, Long>> parsed(String csv) {
        Map<String, Map<String, Long>> countsByPath = new TreeMap<>();
        List<String> lines = csv.lines().toList();
        List<String> columns = List.of(lines.get(0).split(","));
        assertEquals(List.of("job_id", "status", "input", "word", "count"), columns);
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(",", -1);
            assertEquals("SUCCEEDED", cells[1], line);
            Map<String, Long> counts = countsByPath.computeIfAbsent(cells[2], path -> new TreeMap<>());
            assertEquals(null, counts.put(cells[3], Long.valueOf(cells[4])), line);
        }
        return countsByPath;
    }
}
