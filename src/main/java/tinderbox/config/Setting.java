package tinderbox.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Everything that can be set, with its default and what it means; the help, the checks and docs/operations.md follow. */
public enum Setting {
    HOST("ADDRESS", "127.0.0.1", "Address to listen on."),
    PORT("PORT", "8080", "Port to listen on; 0 takes any free one."),
    DATA_DIR("FOLDER", "~/.tinderbox", "Folder for jobs, results, uploads and samples."),
    MASTER("URL", "local[*]", "Spark master: spark://host:port, local[*], local[N]."),
    CLUSTER_SECRET_FILE("FILE", "", "File with the secret that server, master and workers of a Spark cluster share."),
    DRIVER_HOST(
            "ADDRESS",
            "auto",
            "Address of this machine at which a cluster's executors reach the server; auto is the one from which the"
                    + " master is reached."),
    DRIVER_PORTS(
            "A,B",
            "auto",
            "The two ports at which a cluster's executors reach the server, or one of the 16 after each if it is"
                    + " taken; auto takes any free ones."),
    CORES_MAX("N", "all", "Cores of the cluster that the server takes, 1 to 100,000."),
    INSECURE_CLUSTER(
            "", "false", "Use no secret: anyone who reaches the cluster's ports can run programs on all its machines."),
    ROOT(
            "NAME=PATH-or-URI",
            "",
            "Folder that jobs may read, as NAME/…; repeatable. On a cluster, a path means a folder of this machine, whose"
                    + " files travel to the workers (up to 64MiB for a job); file:/path is a folder that all workers see"
                    + " at that path, and hdfs://host:port/path one of an HDFS."),
    SHARED_DATA_DIR(
            "",
            "false",
            "The workers of the cluster see the data dir at the same path: samples and uploads need not travel."),
    MAX_RUNNING("N", "cores", "Jobs that run at the same time, 1 to 1024."),
    MAX_QUEUED("N", "10000", "Jobs in the queue, 1 to 1,000,000; more are refused with 503."),
    MAX_RUNNING_PER_TOKEN(
            "N", "all", "Jobs of one token that run at the same time, 1 to 1024; all is as many as --max-running."),
    MAX_QUEUED_PER_TOKEN(
            "N",
            "auto",
            "Jobs of one token in the queue, 1 to 1,000,000; more are refused with 429. auto is a quarter of"
                    + " --max-queued."),
    MAX_ATTEMPTS("N", "2", "How often a job is started if the server or Spark crashes while it runs, 1 to 100."),
    JOB_TIMEOUT("DURATION", "24h", "How long an attempt may run, such as 90s, 30m, 24h or 7d."),
    RETAIN_JOBS("N", "100000", "Ended jobs to retain; beyond that, the oldest are deleted."),
    RETAIN_DAYS("N", "90", "Days to retain an ended job."),
    MAX_LOG_BYTES("SIZE", "64MiB", "Maximum size of a job's log; beyond it, the oldest lines are deleted."),
    MAX_RESULT_BYTES("SIZE", "10GiB", "Maximum size of a job's result."),
    MAX_UPLOAD_BYTES("SIZE", "10GiB", "Maximum size of an uploaded dataset."),
    MAX_INPUT_BYTES("SIZE", "1TiB", "How much a job may read; compressed inputs count with their decompressed size."),
    MAX_EXPANSION(
            "N",
            "200",
            "How many times its size a compressed input may decompress to, 1 to 1,000,000; the first MiB does not"
                    + " count."),
    MIN_FREE(
            "SIZE",
            "auto",
            "Disk space that must be free to accept a job or an upload; auto is the greater of 512MiB and 5 % of the"
                    + " disk. Below a quarter of it, running jobs are ended."),
    GRACE("DURATION", "30s", "How long running jobs may continue when the server is asked to stop."),
    SQL("WHO", "on", "Who may run SQL: on, all who may submit jobs; admin, only admins; off, nobody."),
    NO_WARM_UP(
            "",
            "false",
            "Start without the small jobs that make the first user's job fast, for a server that lives for a few jobs."),
    SPARK_CONF("K=V", "", "Spark setting, spark.…=value; repeatable."),
    SPARK_UI("", "false", "Show Spark's own web UI, on port 4040 of this machine."),
    CORS_ORIGIN("ORIGIN", "", "Another origin whose pages may call the API; repeatable."),
    ALLOWED_HOST("NAME", "", "Another name of this server, such as that of a proxy; repeatable."),
    TLS_CERT("FILE", "", "Certificate chain for HTTPS, in PEM."),
    TLS_KEY("FILE", "", "Private key of that certificate, in PEM (PKCS#8)."),
    INSECURE_HTTP(
            "", "false", "Let other machines connect without TLS: tokens and data then cross the network unencrypted."),
    PRIVATE(
            "",
            "false",
            "Submitters see only their own jobs and uploads; admins see all, viewers all or those that their token names"
                    + " (token create --sees). Requests always need a token."),
    MAX_REQUESTS_PER_SECOND("N", "100", "Requests per second that one token may send, 1 to 100,000."),
    MAX_JOBS_PER_MINUTE("N", "600", "Jobs per minute that one token may submit, 1 to 1,000,000."),
    LOG_FORMAT("FORMAT", "text", "Write the log as text, or as json: one object a line."),
    LOG_FILE("FILE", "", "Write the log to a file, not on standard error."),
    MAX_LOG_FILE_BYTES("SIZE", "128MiB", "Size of that file and of older ones."),
    MAX_AUDIT_BYTES(
            "SIZE", "1GiB", "Maximum size of the audit log, at least 1MiB; beyond it, the oldest lines are deleted."),
    MAX_ACCESS_LOG_BYTES(
            "SIZE",
            "128MiB",
            "Maximum size of the access log, all its files together; beyond it, the oldest file is deleted. 0 keeps none."),
    MAX_SHARE(
            "PERCENT",
            "25",
            "Share of the long polls and of the event streams that one client (a token, otherwise an address) may"
                    + " hold, 1 to 100; twice that of the upload slots and of the connections.");

    private final String label;
    private final String defaultText;
    private final String description;

    Setting(String label, String defaultText, String description) {
        this.label = label;
        this.defaultText = defaultText;
        this.description = description;
    }

    /** Its name in a properties file; on the command line it follows two hyphens. */
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

    /** The placeholder for its value in the help; empty for a switch. */
    public String label() {
        return label;
    }

    /** Its default as text; empty if there is none. */
    public String defaultText() {
        return defaultText;
    }

    public String description() {
        return description;
    }

    public boolean isSwitch() {
        return label.isEmpty();
    }

    /** Whether it may have several values. In the environment and in a file, semicolons separate them. */
    public boolean isRepeatable() {
        return this == ROOT || this == SPARK_CONF || this == CORS_ORIGIN || this == ALLOWED_HOST;
    }

    static Optional<Setting> ofKey(String key) {
        return Arrays.stream(values())
                .filter(setting -> setting.key().equals(key))
                .findFirst();
    }
}
