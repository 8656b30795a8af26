package tinderbox.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tinderbox.json.Json;
import tinderbox.support.BlockingJob;
import tinderbox.support.TestServer;

/** The commands that are clients of a server, against a real one; {@code CommandsIT} runs them as processes. */
class ClientCommandsTest {
    private static final String UNKNOWN = "00000000-0000-0000-0000-000000000000";

    @TempDir
    Path folder;

    private static CliRun run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(1, List.of("--server", TestServer.shared().uri("/").toString()));
        return CliRun.of(all.toArray(String[]::new));
    }

    private static String submitted(String... arguments) {
        CliRun run = run(arguments);
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().matches("[0-9a-f-]{36}\n"), run.out());
        return run.out().strip();
    }

    @Test
    void aJobIsSubmittedAwaitedAndPrinted() throws Exception {
        String id = submitted(
                "submit",
                "word-count",
                "samples/moby-dick.txt",
                "--min-count",
                "1000",
                "--strip-punctuation",
                "--name",
                "Whales",
                "--label",
                "run:42");
        CliRun waited = run("wait", id);
        assertEquals(new CliRun(0, "", ""), waited);
        CliRun status = run("status", id);
        assertTrue(status.out().contains("name       Whales\n"), status.out());
        assertTrue(status.out().contains("status     SUCCEEDED\n"), status.out());
        assertTrue(status.out().contains("labels     run:42\n"), status.out());
        assertEquals(
                "SUCCEEDED",
                Json.readObject(run("status", id, "--json").out().getBytes(StandardCharsets.UTF_8))
                        .get("status"));

        CliRun table = run("result", id, "--top", "2");
        assertEquals("word  count\n----  -----\nthe   14041\nof     6431\n", table.out());
        assertTrue(table.err().matches("tinderbox: these are 2 of \\d+ rows; .*\n"), table.err());
        assertEquals(
                "word,count\nthe,14041\n",
                run("result", id, "--top", "1", "--format", "csv").out());
        assertEquals(
                "[{\"word\":\"the\",\"count\":14041},\n{\"word\":\"of\",\"count\":6431}]\n",
                run("result", id, "--top", "2", "--format", "json").out());
        assertEquals(
                "{\"word\":\"of\",\"count\":6431}\n",
                run("result", id, "--format", "ndjson", "--filter", "word:eq:of")
                        .out());
        assertEquals(
                "[]\n",
                run("result", id, "--format", "json", "--filter", "word:eq:no").out());
        assertTrue(run("result", id, "--top", "1", "--sort", "word").out().contains("\na "));
        assertTrue(run("list", "--label", "run:42").out().contains(id + "  SUCCEEDED  "));
        assertTrue(run("log", id, "--tail", "1").out().matches("\\S+Z INFO  Result: rows .*\n"));

        assertEquals(
                new CliRun(0, "", ""),
                run("edit", id, "--name", "More whales", "--note", "a\nb", "--label", "k:v", "--unlabel", "run"));
        String edited = run("status", id).out();
        assertTrue(edited.contains("name       More whales\n"), edited);
        assertTrue(edited.contains("labels     k:v\n"), edited);
        assertTrue(edited.contains("note       a b\n"), edited);
        assertTrue(run("edit", id, "--name", "", "--json").out().contains("\"name\":\"Whales\""));
        assertTrue(run("edit", id).err().startsWith("tinderbox: there is nothing to change; give --name, "));
        String again = submitted("rerun", id);
        assertEquals(0, run("wait", again).code());
        assertEquals(new CliRun(0, "", ""), run("delete", again, id));
        assertEquals(
                new CliRun(6, "", "tinderbox: There is no such job. It may have been deleted\n"), run("status", id));
    }

    @Test
    void aResultIsWrittenToAFileInTheFormatOfItsName() throws Exception {
        String id = submitted("submit", "sql", "SELECT 'a\"\nb' AS text, 1 AS n UNION ALL SELECT 'c', 2");
        assertEquals(0, run("wait", id).code());
        Path csv = folder.resolve("rows.csv");
        assertEquals(new CliRun(0, "", ""), run("result", id, "--out", csv.toString()));
        assertEquals("text,n\n\"a\"\"\nb\",1\nc,2\n", Files.readString(csv));
        Files.writeString(csv, "old");
        CliRun unnamed = run("result", id, "--out", folder.resolve("rows.txt").toString());
        assertEquals(2, unnamed.code());
        assertTrue(unnamed.err().contains("rows.txt does not say the format; end it with .csv"), unnamed.err());
        assertEquals(0, run("result", id, "-o", csv.toString(), "--top", "1").code());
        assertEquals("text,n\n\"a\"\"\nb\",1\n", Files.readString(csv));

        Path link = Files.createSymbolicLink(folder.resolve("link.csv"), csv);
        Set<PosixFilePermission> own = PosixFilePermissions.fromString("rw-r-----");
        Files.setPosixFilePermissions(csv, own);
        assertEquals(0, run("result", id, "--out", link.toString()).code());
        assertTrue(Files.isSymbolicLink(link), "what it refers to is written");
        assertEquals("text,n\n\"a\"\"\nb\",1\nc,2\n", Files.readString(csv));
        assertEquals(own, Files.getPosixFilePermissions(csv));

        Path parquet = folder.resolve("rows.parquet");
        assertEquals(0, run("result", id, "--out", parquet.toString()).code());
        assertEquals("PAR1", new String(Files.readAllBytes(parquet), 0, 4, StandardCharsets.US_ASCII));
        CliRun nowhere =
                run("result", id, "--out", folder.resolve("no/rows.csv").toString());
        assertEquals(1, nowhere.code());
        assertTrue(nowhere.err().contains("no/rows.csv cannot be written (no such file or folder"), nowhere.err());
        try (var files = Files.list(folder)) {
            assertEquals(3, files.count(), "no part of a file is left");
        }
        assertEquals(2, run("result", id, "--format", "parquet").code());
        // What a terminal would take for a command is not shown.
        assertEquals("text  n\n----  -\na\" b  1\nc     2\n", run("result", id).out());
    }

    @Test
    void aQueryTakesItsTextFromAFileAndItsValuesByName() throws Exception {
        Path query = Files.writeString(
                folder.resolve("query.sql"), "-- airports\nSELECT :year + 1 AS year, :name AS name, :none AS none");
        String id = submitted(
                "submit", "sql", "@" + query, "--args", "year=2008", "--args", "name=\"7\"", "--args=none=null");
        assertEquals(0, run("wait", id).code());
        assertEquals(
                "year,name,none\n2009,7,\n",
                run("result", id, "--format", "csv").out());
    }

    @Test
    void whatIsWrongInAQueryIsMarked() {
        CliRun run = run("submit", "sql", "SELECT 1\nFROM `samples/moby-duck.txt` x");
        assertEquals(2, run.code());
        assertTrue(run.err().startsWith("tinderbox: --query names the table `samples/moby-duck.txt`"), run.err());
        assertTrue(run.err().endsWith("""
                                tinderbox:   FROM `samples/moby-duck.txt` x
                                tinderbox:        ^^^^^^^^^^^^^^^^^^^^^^^
                                """), run.err());
    }

    @Test
    void aRunSetIsSubmittedAwaitedAndPrinted() throws Exception {
        String id = submitted(
                "submit",
                "sql",
                "--for-each",
                "query=[\"SELECT 1 AS n, 'a,b' AS t\",\"SELECT 2 AS n\"]",
                "--for-each",
                "max-rows=5,6",
                "--name",
                "Numbers");
        assertEquals(new CliRun(0, "", ""), run("wait", id));
        String status = run("status", id).out();
        assertTrue(status.contains("name       Numbers\n"), status);
        assertTrue(status.contains("jobs       4 SUCCEEDED\n"), status);
        String csv = run("result", id).out();
        assertTrue(csv.startsWith("job_id,status,query,max_rows,n,t\n"), csv);
        assertEquals(5, csv.lines().count());
        assertTrue(csv.endsWith(",SUCCEEDED,SELECT 2 AS n,6,2,\n"), csv);
        Path file = folder.resolve("all.ndjson");
        assertEquals(new CliRun(0, "", ""), run("result", id, "-o", file.toString()));
        assertEquals(4, Files.readAllLines(file).size());
        assertEquals(2, run("result", id, "--format", "table").code());
        assertEquals(2, run("result", id, "--sort", "n").code());
        assertEquals(6, run("cancel", id).code(), "all have ended");

        Path queries = Files.writeString(folder.resolve("queries"), "SELECT 1\n\nSELECT raise_error('why')\n");
        String failing = submitted("submit", "sql", "--for-each", "query=@" + queries);
        CliRun waited = run("wait", failing);
        assertEquals(1, waited.code());
        assertTrue(
                waited.err()
                        .matches(
                                "tinderbox: the job [0-9a-f-]{36} failed \\(query=SELECT raise_error\\('why'\\)\\): .*\n"),
                waited.err());
        BlockingJob.Gate gate = BlockingJob.gate("set of the command line");
        String blocked = submitted("submit", "blocking", "--for-each", "key=set of the command line");
        gate.awaitReached();
        assertEquals(124, run("wait", blocked, "--timeout", "0").code());
        assertEquals(0, run("cancel", blocked).code());
        gate.open();
        assertEquals(7, run("wait", blocked).code());
    }

    @Test
    void aFailureIsReportedWithItsReason() {
        String id = submitted("submit", "sql", "SELECT 1 / 0 AS x");
        CliRun waited = run("wait", id);
        assertEquals(1, waited.code(), waited.err());
        assertTrue(waited.err().startsWith("tinderbox: the job " + id + " failed\ntinderbox: "), waited.err());
        assertTrue(waited.err().toLowerCase(Locale.ROOT).contains("zero"), waited.err());
        assertEquals(6, run("result", id).code());

        String unexplained = submitted("submit", "sql", "SELECT raise_error('no')");
        assertEquals(
                new CliRun(1, "", "tinderbox: the job " + unexplained + " failed\ntinderbox: no\n"),
                run("wait", unexplained));
    }

    @Test
    void aJobIsFollowedAndCancelled() throws Exception {
        String key = UUID.randomUUID().toString();
        String id = submitted("submit", "blocking", "--key", key);
        BlockingJob.gate(key).awaitReached();
        CliRun late = run("wait", id, "--timeout", "0");
        assertEquals(124, late.code());
        assertTrue(late.err().contains("has not ended in this time"), late.err());
        assertEquals(id + " CANCELLING\n", run("cancel", id).out());
        CliRun waited = run("wait", id);
        assertEquals(7, waited.code());
        assertEquals("tinderbox: the job " + id + " was cancelled\n", waited.err());
        CliRun log = run("log", "--follow", id);
        assertEquals(0, log.code(), log.err());
        assertEquals(log.out(), run("log", id).out());
        assertEquals(6, run("cancel", id).code(), "it has ended");
    }

    @Test
    void filesAreUploaded() throws Exception {
        String name = "notes " + UUID.randomUUID() + ".txt";
        Path file = Files.writeString(folder.resolve(name), "a b a\n");
        CliRun uploaded = run("upload", file.toString());
        assertEquals(new CliRun(0, "uploads/" + name + "\n", ""), uploaded);
        assertEquals(
                new CliRun(
                        6,
                        "",
                        "tinderbox: The dataset uploads/" + name + " already exists. Choose another name, or give"
                                + " --replace\n"),
                run("upload", file.toString()));
        assertEquals(0, run("upload", "--replace", file.toString()).code());
        assertEquals(
                new CliRun(0, "uploads/lesson 1/" + name + "\n", ""),
                run("upload", "--folder", "lesson 1/", file.toString()));
        String id = submitted("submit", "word-count", "uploads/" + name);
        assertEquals(0, run("wait", id).code());
        assertEquals(
                "word,count\na,2\nb,1\n", run("result", id, "--format", "csv").out());
        CliRun missing = run("upload", folder.resolve("missing").toString());
        assertEquals(2, missing.code());
        assertTrue(missing.err().contains("missing is not a file"), missing.err());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "submit word-cuont | there is no job type \"word-cuont\"; the types are word-count, concordance, sql",
                "submit word-count a b | unexpected argument \"b\"; word-count takes one file or folder",
                "submit word-count --min-cuont 5 | word-count has no option --min-cuont; it has --input,",
                "submit word-count --min-count x | --min-count x must be a whole number",
                "submit word-count --min-count 0 | --min-count must be a whole number from 1 to",
                "submit word-count --min-count | --min-count needs a value",
                "submit word-count --min-count 1 --min-count 2 | --min-count is given twice",
                "submit word-count --case-sensitive=maybe | --case-sensitive=maybe must be true or false",
                "submit sql @no.sql | the text @no.sql cannot be read",
                "submit sql x --args 1 | --args 1 must be NAME=VALUE",
                "submit word-count --for-each min-count | --for-each min-count must be NAME=VALUE,VALUE,",
                "submit word-count --for-each min_count=1,x | --min-count x must be a whole number",
                "submit word-count --for-each no=1 | word-count has no option --no; it has --input,",
                "submit word-count --for-each input=[1 | --for-each [1 is not a list in JSON",
                "submit word-count --for-each min-count=[1],\"x\":[2] | --for-each [1],\"x\":[2] is not a list in JSON",
                "submit word-count --for-each input=[null] | --for-each [null] is not a list in JSON",
                "submit word-count --for-each input=texts/*.txt | --for-each input=texts/*.txt names no files, since *",
                "submit word-count --for-each input= | --for-each input= has an empty value; give at least one",
                "upload . | . is a folder; give its files, such as ./*",
                "submit word-count --for-each min-count=2,0 | --for-each min-count=0 must be a whole number from 1 to",
                "submit word-count --label a | --label a must be KEY:VALUE",
                "status 1/2 | \"1/2\" is not the id of a job",
                "result " + UNKNOWN + " --format xml | --format xml must be one of table, csv, json, ndjson, parquet",
                "result " + UNKNOWN + " --top 0 | --top 0 must be a whole number from 1 to",
                "log " + UNKNOWN + " --level loud | --level loud must be debug, info, warn or error",
                "token list --data-dir x | give either --server or --data-dir"
            })
    void whatIsWrongIsSaidInOneLine(String command, String message) {
        String[] words = command.split(" ", -1);
        CliRun run = words[0].equals("token")
                ? CliRun.of("token", "list", "--server", "http://127.0.0.1:1", "--data-dir", "x")
                : run(words);
        assertEquals(2, run.code(), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
        assertTrue(run.err().startsWith("tinderbox: " + message), run.err());
        assertEquals("", run.out());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://127.0.0.1:1 | 3 | no server can be reached at http://127.0.0.1:1/; start it, or",
                "127.0.0.1:8080 | 2 | \"127.0.0.1:8080\" is not the address of a server",
                "http://a@b/ | 2 | \"http://a@b/\" is not the address of a server"
            })
    void anAddressWithoutAServerIsReported(String address, int code, String message) {
        CliRun run = CliRun.of("list", "--server", address);
        assertEquals(code, run.code(), run.err());
        assertTrue(run.err().startsWith("tinderbox: " + message), run.err());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "master",
                "worker",
                "backup",
                "warm",
                "token",
                "token create",
                "token list",
                "token revoke",
                "token open",
                "audit",
                "audit verify",
                "run",
                "submit",
                "status",
                "wait",
                "result",
                "log",
                "list",
                "edit",
                "cancel",
                "rerun",
                "delete",
                "upload",
                "open",
                "completion",
                "run word-count",
                "run sql",
                "submit word-count"
            })
    void theHelpFitsATerminal(String command) {
        List<String> words = new ArrayList<>(command.lines()
                .flatMap(line -> Arrays.stream(line.split(" ", -1)))
                .toList());
        if (words.contains("submit")) {
            words.addAll(List.of("--server", TestServer.shared().uri("/").toString()));
        }
        words.add("--help");
        CliRun help = CliRun.of(words.toArray(String[]::new));
        assertEquals(0, help.code(), help.err());
        assertTrue(help.out().lines().count() <= 24, help.out());
        assertTrue(help.out().lines().allMatch(line -> line.length() <= 80), help.out());
        assertTrue(help.out().startsWith("Usage: "), help.out());
        assertFalse(help.out().contains("null"), help.out());
    }

    @Test
    void bashCompletesCommandsTypesAndFormats() throws Exception {
        Path script = Files.writeString(
                folder.resolve("completion"), CliRun.of("completion").out());
        assertEquals("cancel", completed(script, "tinderbox canc"));
        assertEquals("word-count", completed(script, "tinderbox run wo"));
        assertEquals("parquet", completed(script, "tinderbox result --format p"));
        assertEquals("--follow", completed(script, "tinderbox log --fol"));
    }

    private static String completed(Path script, String line) throws Exception {
        Process bash = new ProcessBuilder(command(script, line.split(" ", -1)))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String out = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, bash.waitFor(), out);
        return out.strip();
    }

    private static List<String> command(Path script, String[] words) {
        List<String> command = new ArrayList<>(List.of(
                "bash",
                "-c",
                "source \"$0\"; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); COMP_LINE=\"$*\";"
                        + " COMP_POINT=${#COMP_LINE}; _complete_tinderbox; echo \"${COMPREPLY[*]}\"",
                script.toString()));
        command.addAll(List.of(words));
        return command;
    }
}
