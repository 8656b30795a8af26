package tinderbox.jobtype.sql;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.classic.SparkSession;
import scala.jdk.javaapi.CollectionConverters;

/** What a statement could have changed besides files. */
record Outside(Set<String> workingFolder, Map<String, String> settings, List<String> others) {
    /** As it is now. */
    static Outside now() {
        SparkSession spark = (SparkSession)
                org.apache.spark.sql.SparkSession.getDefaultSession().get();
        List<String> others = new ArrayList<>();
        others.addAll(CollectionConverters.asJava(spark.sparkContext().listFiles()));
        others.addAll(CollectionConverters.asJava(spark.sparkContext().listJars()));
        others.addAll(CollectionConverters.asJava(spark.sparkContext().listArchives()));
        others.addAll(CollectionConverters.asJava(
                spark.sharedState().externalCatalog().listDatabases()));
        others.addAll(CollectionConverters.asJava(
                spark.sharedState().externalCatalog().listTables("default")));
        others.addAll(CollectionConverters.asJava(
                spark.sharedState().externalCatalog().listFunctions("default", "*")));
        others.addAll(CollectionConverters.asJava(
                spark.sharedState().globalTempViewManager().listViewNames("*")));
        others.add("cached: " + !spark.sharedState().cacheManager().isEmpty());
        return new Outside(
                workingFolderNow(), CollectionConverters.asJava(spark.conf().getAll()), others);
    }

    private static Set<String> workingFolderNow() {
        try (Stream<Path> files = Files.list(Path.of(""))) {
            return files.map(Path::toString).collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
