package tinderbox.jobtype.sql;

import java.util.List;
import org.apache.spark.sql.types.StructType;
import tinderbox.jobtype.JobContext;

/** Notices that the values of a CSV file are not separated by what the query says. */
final class Separators {
    /** What else is common, the likelier ones first. */
    private static final List<String> OTHERS = List.of(";", "\t", "|");

    private Separators() {}

    /** “; are its values separated by X? …” if a line has more of another separator than it has commas; otherwise empty. */
    static String hint(String line) {
        return OTHERS.stream()
                .filter(each -> count(line, each) > count(line, ","))
                .findFirst()
                .map(each -> each.replace("\t", "\\t"))
                .map(each -> "; are its values separated by '" + each + "'? Then read it by read_csv('…', sep => '"
                        + each + "')")
                .orElse("");
    }

    private static int count(String line, String separator) {
        return line.length() - line.replace(separator, "").length();
    }

    /** Warns of a CSV file whose only column has a name such as {@code a;b;c}. */
    static void warn(String path, SqlOptions options, StructType schema, JobContext context) {
        boolean isOneColumn =
                options.format() == SqlFormat.CSV && options.schema() == null && schema.fieldNames().length == 1;
        String hint = isOneColumn ? hint(schema.fieldNames()[0]) : "";
        if (!hint.isEmpty()) {
            context.warn(path + " has one column, " + schema.fieldNames()[0] + hint);
        }
    }
}
