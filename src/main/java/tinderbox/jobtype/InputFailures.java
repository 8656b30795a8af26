package tinderbox.jobtype;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.NoSuchFileException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.spark.SparkThrowable;
import tinderbox.common.Causes;
import tinderbox.dataset.Dataset;
import tinderbox.dataset.FileReplacedException;
import tinderbox.dataset.InputLimitException;
import tinderbox.dataset.RootUnreachableException;
import tinderbox.dataset.UnreadableFileException;
import tinderbox.dataset.UnreadableOnWorkerException;
import tinderbox.job.ErrorCode;
import tinderbox.job.Failure;
import tinderbox.job.JobException;

/** Recognizes failures that the input caused, and explains them with the dataset path of the file. */
public final class InputFailures {
    private InputFailures() {}

    /**
     * Returns a better exception for {@code e}, thrown while a job with these inputs ran; {@code e} itself if there is none.
     */
    public static Exception explain(Exception e, Collection<Dataset> inputs) {
        List<Throwable> chain = Causes.of(e).toList();
        for (Throwable link : chain) {
            if (link instanceof UnreadableOnWorkerException worker) {
                return onWorker(worker, e, inputs);
            }
        }
        boolean missing = chain.stream().anyMatch(InputFailures::isMissing);
        if (inputs.isEmpty()
                || chain.stream().anyMatch(JobException.class::isInstance)
                || !(missing || chain.stream().anyMatch(InputFailures::isReadFailure))) {
            return e;
        }
        Dataset.File found = fileIn(chain, inputs);
        String named = found == null ? null : found.path();
        if (missing && named == null) {
            // It may be Spark's own.
            return e;
        }
        String unnamed = inputs.size() == 1 ? inputs.iterator().next().path() : "of one of the inputs";
        String file = named == null ? unnamed : named;
        if (missing) {
            return vanished(file, e);
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
        Optional<Throwable> unreachable = chain.stream()
                .filter(RootUnreachableException.class::isInstance)
                .findFirst();
        if (unreachable.isPresent()) {
            return unreachable(file, unreachable.get(), e);
        }
        Throwable root = chain.get(chain.size() - 1);
        return new JobException(
                ErrorCode.INVALID_INPUT,
                "The file " + file + " cannot be read: " + Failure.withoutFolders(root.getMessage()),
                "it may be damaged or incomplete, or not what its ending says; replace it and run the job again",
                e);
    }

    /** The path of the file of these inputs that the messages of a failure name; empty if there is none. */
    public static Optional<String> fileNamedBy(Throwable failure, Collection<Dataset> inputs) {
        return Optional.ofNullable(fileIn(Causes.of(failure).toList(), inputs)).map(Dataset.File::path);
    }

    /** Whether a worker cannot read a file: another try would take as long, and fail as well. */
    static boolean isUnreadableOnWorker(Throwable failure) {
        return Causes.of(failure).anyMatch(UnreadableOnWorkerException.class::isInstance);
    }

    /** If the server can no longer read the file either, it is not the worker's fault. */
    private static JobException onWorker(UnreadableOnWorkerException worker, Exception e, Collection<Dataset> inputs) {
        Dataset.File file = fileIn(List.of(worker), inputs);
        String path = file == null ? "an input of the job" : file.path();
        if (file != null) {
            try (SeekableByteChannel opened = file.open()) {
                if (opened.size() < file.bytes()) {
                    return InputChanges.replaced(path, e);
                }
            } catch (RootUnreachableException here) {
                return unreachable(path, here, e);
            } catch (IOException here) {
                return vanished(path, e);
            }
        }
        return new JobException(
                ErrorCode.UNREADABLE_ON_WORKER,
                "The worker on " + worker.host() + " cannot read " + path,
                worker.hint(),
                e);
    }

    private static JobException unreachable(String file, Throwable reason, Exception e) {
        return new JobException(
                ErrorCode.STORAGE_UNAVAILABLE,
                "The file " + file + " cannot be read: " + reason.getMessage(),
                "run the job again once the file system of the root can be reached",
                e);
    }

    private static JobException vanished(String file, Exception e) {
        return new JobException(
                ErrorCode.INPUT_NOT_FOUND,
                "The file " + file + " was there when the job was accepted, but is no longer",
                "put it back, or choose another input, and run the job again",
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

    /** The input's file that one of the messages names; null if there is none. */
    private static Dataset.File fileIn(List<? extends Throwable> chain, Collection<Dataset> inputs) {
        List<String> messages = chain.stream()
                .map(Throwable::getMessage)
                .filter(Objects::nonNull)
                .toList();
        return inputs.stream()
                .flatMap(input -> input.files().stream())
                .filter(file -> names(messages, file))
                // The path of another file may be the beginning of this one's.
                .max(Comparator.comparingInt(file -> file.path().length()))
                .orElse(null);
    }

    private static boolean names(List<String> messages, Dataset.File file) {
        // Hadoop writes an address with one slash after the scheme, and Spark encodes it once more in its own messages.
        String address = file.address().replaceFirst("///", "/");
        String encoded = address.replace("%", "%25").replaceFirst("/", "///");
        String location = file.location().getPath();
        return messages.stream()
                .anyMatch(message -> message.contains(file.address())
                        || message.contains(address)
                        || message.contains(encoded)
                        || message.contains(location)
                        || message.contains(file.location().getRawPath()));
    }
}
