package tinderbox.jobtype;

import java.io.FileNotFoundException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.apache.spark.SparkThrowable;
import tinderbox.common.Causes;
import tinderbox.dataset.Dataset;
import tinderbox.dataset.FileReplacedException;
import tinderbox.dataset.InputLimitException;
import tinderbox.dataset.UnreadableFileException;
import tinderbox.job.ErrorCode;
import tinderbox.job.Failure;
import tinderbox.job.JobException;

/** Recognizes failures that the input caused, and explains them with the dataset path of the file. */
final class InputFailures {
    private InputFailures() {}

    /**
     * Returns a better exception for {@code e}, thrown while a job with these inputs ran; {@code e} itself if there is none.
     */
    static Exception explain(Exception e, Collection<Dataset> inputs) {
        List<Throwable> chain = Causes.of(e).toList();
        boolean missing = chain.stream().anyMatch(InputFailures::isMissing);
        if (inputs.isEmpty()
                || chain.stream().anyMatch(JobException.class::isInstance)
                || !(missing || chain.stream().anyMatch(InputFailures::isReadFailure))) {
            return e;
        }
        String named = fileNamedIn(chain, inputs);
        if (missing && named == null) {
            // It may be Spark's own.
            return e;
        }
        String unnamed = inputs.size() == 1 ? inputs.iterator().next().path() : "of one of the inputs";
        String file = named == null ? unnamed : named;
        if (missing) {
            return new JobException(
                    ErrorCode.INPUT_NOT_FOUND,
                    "The file " + file + " was there when the job was accepted, but is no longer",
                    "put it back, or choose another input, and run the job again",
                    e);
        }
        for (Throwable link : chain) {
            if (link instanceof InputLimitException limit) {
                return new JobException(
                        ErrorCode.LIMIT_EXCEEDED, "The file " + file + " " + limit.getMessage(), limit.hint(), e);
            }
        }
        if (chain.stream().anyMatch(FileReplacedException.class::isInstance)) {
            return new JobException(
                    ErrorCode.INPUT_NOT_FOUND,
                    "The file " + file + " is no longer the one that was there when the job was accepted: a link,"
                            + " or something else that is not a file, has replaced it",
                    "put it back, or choose another input, and run the job again",
                    e);
        }
        Throwable root = chain.get(chain.size() - 1);
        return new JobException(
                ErrorCode.INVALID_INPUT,
                "The file " + file + " cannot be read: " + Failure.withoutFolders(root.getMessage()),
                "it may be damaged or incomplete, or not what its ending says; replace it and run the job again",
                e);
    }

    private static boolean isReadFailure(Throwable link) {
        return link instanceof UnreadableFileException
                || (link instanceof SparkThrowable spark
                        && spark.getCondition() != null
                        && spark.getCondition().startsWith("FAILED_READ_FILE"));
    }

    private static boolean isMissing(Throwable link) {
        return link instanceof FileNotFoundException
                || link instanceof NoSuchFileException
                // Of Hadoop, which has an exception of its own for it in each of its two APIs.
                || String.valueOf(link.getMessage()).startsWith("Input path does not exist")
                || (link instanceof SparkThrowable spark
                        && spark.getCondition() != null
                        && (spark.getCondition().endsWith("FILE_NOT_EXIST")
                                || spark.getCondition().equals("PATH_NOT_FOUND")));
    }

    /** The path of the input's file that one of the messages names; null if there is none. */
    private static String fileNamedIn(List<Throwable> chain, Collection<Dataset> inputs) {
        List<String> messages = chain.stream()
                .map(Throwable::getMessage)
                .filter(Objects::nonNull)
                .toList();
        return inputs.stream()
                .flatMap(input -> input.files().stream())
                .filter(file -> names(messages, file))
                .map(Dataset.File::path)
                // The path of another file may be the beginning of this one's.
                .max(Comparator.comparingInt(String::length))
                .orElse(null);
    }

    private static boolean names(List<String> messages, Dataset.File file) {
        // Hadoop writes an address with one slash after the scheme, and Spark encodes it once more in its own messages.
        String address = file.address().replaceFirst("///", "/");
        String encoded = address.replace("%", "%25").replaceFirst("/", "///");
        String location = Path.of(file.location()).toString();
        return messages.stream()
                .anyMatch(message -> message.contains(file.address())
                        || message.contains(address)
                        || message.contains(encoded)
                        || message.contains(location)
                        || message.contains(file.location().getRawPath()));
    }
}
