package tinderbox.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Everything that can be set, with its default and what it means; the help, the checks and docs/operations.md follow. */
public enum Setting {
    HOST("ADDRESS", "127.0.0.1", "Address to listen on."),
    PORT("PORT", "8080", "Port to listen on; 0 takes any free one."),
    DATA_DIR("FOLDER", "~/.tinderbox", "Folder for jobs, results, uploads and samples."),
    MASTER("URL", "local[*]", "Spark master: local[*], local[N], spark://host:port."),
    ROOT("NAME=PATH", "", "Folder that jobs may read, as NAME/…; repeatable."),
    MAX_RUNNING("N", "cores", "Jobs that run at the same time, 1 to 1024."),
    MAX_QUEUED("N", "10000", "Jobs that may wait, 1 to 1,000,000; more are refused with 503."),
    MAX_ATTEMPTS("N", "2", "Times a job is started when the server crashes under it, 1 to 100."),
    JOB_TIMEOUT("DURATION", "24h", "How long an attempt may run, such as 90s, 30m, 24h or 7d."),
    RETAIN_JOBS("N", "100000", "Ended jobs to keep; the oldest beyond are forgotten."),
    RETAIN_DAYS("N", "90", "Days to keep an ended job."),
    MAX_LOG_BYTES("SIZE", "64MiB", "How large a job's log may grow; then its oldest lines go."),
    MAX_RESULT_BYTES("SIZE", "10GiB", "How large a job's result may grow."),
    MAX_UPLOAD_BYTES("SIZE", "10GiB", "How large an uploaded dataset may be."),
    MAX_INPUT_BYTES("SIZE", "1TiB", "How much a job may read, packed inputs counted as what they hold."),
    MAX_EXPANSION(
            "N",
            "200",
            "How many times its size a packed input may hold, 1 to 1,000,000; the first MiB does not count."),
    MIN_FREE(
            "SIZE",
            "auto",
            "What must be free on the disk for a job or an upload to be accepted; auto is the greater of"
                    + " 512MiB and 5 % of it. Below a quarter of it, running jobs are ended."),
    GRACE("DURATION", "30s", "How long running jobs may go on when the server is asked to stop."),
    SPARK_CONF("K=V", "", "Spark setting, spark.…=value; repeatable."),
    SPARK_UI("", "false", "Show Spark's own web UI, on port 4040 of this machine."),
    CORS_ORIGIN("ORIGIN", "", "Other origin whose pages may call the API; repeatable."),
    ALLOWED_HOST("NAME", "", "Name beside --host that this server answers to, such as that of a proxy; repeatable."),
    TLS_CERT("FILE", "", "Certificate chain for HTTPS, in PEM."),
    TLS_KEY("FILE", "", "Key of that certificate, in PEM (PKCS#8)."),
    INSECURE_HTTP(
            "", "false", "Let other machines in without TLS: tokens and data then cross the network in the clear."),
    MAX_REQUESTS_PER_SECOND("N", "100", "How often one token may call, 1 to 100,000."),
    MAX_JOBS_PER_MINUTE("N", "600", "How many jobs one token may send, 1 to 1,000,000."),
    MAX_AUDIT_BYTES("SIZE", "1GiB", "How large the audit log may grow, 1MiB at least; then its oldest lines go."),
    MAX_SHARE(
            "PERCENT",
            "25",
            "How much of the waits and of the event streams one caller (a token, else an address) may hold, 1 to 100;"
                    + " twice that of the upload slots and of the connections.");

    private final String label;
    private final String defaultText;
    private final String description;

    Setting(String label, String defaultText, String description) {
        this.label = label;
        this.defaultText = defaultText;
        this.description = description;
    }

    /** Its name in a properties file, and on the command line after two hyphens. */
    String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Its name on the command line. */
    public String flag() {
        return "--" + key();
    }

    /** Its name in the environment. */
    String variable() {
        return "TINDERBOX_" + name();
    }

    /** What the help calls its value; empty for a switch. */
    public String label() {
        return label;
    }

    /** Its default as text; empty where there is none. */
    public String defaultText() {
        return defaultText;
    }

    public String description() {
        return description;
    }

    public boolean isSwitch() {
        return label.isEmpty();
    }

    /** Whether it may be given several times; elsewhere than on the command line, separated by semicolons. */
    public boolean isRepeatable() {
        return this == ROOT || this == SPARK_CONF || this == CORS_ORIGIN || this == ALLOWED_HOST;
    }

    static Optional<Setting> ofKey(String key) {
        return Arrays.stream(values())
                .filter(setting -> setting.key().equals(key))
                .findFirst();
    }
}
