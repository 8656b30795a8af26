package tinderbox.metrics;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import tinderbox.common.TimingPoint;

/**
 * The metrics of one server. Some are counted here as things happen; the others are read from the parts that know them
 * whenever somebody asks.
 */
public final class Metrics {
    /** The content type of {@link #text}. */
    public static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

    /** The upper bounds of durations that should be short, in seconds. */
    static final double[] SHORT_SECONDS = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10};

    private static final double NANOS_PER_SECOND = 1e9;

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();
    private final HttpMetrics http = new HttpMetrics(registry);
    private boolean hasJvm;

    static double seconds(long nanos) {
        return nanos / NANOS_PER_SECOND;
    }

    /** Counts HTTP requests. */
    public HttpMetrics http() {
        return http;
    }

    /** Starts counting jobs of these types. */
    public JobMetrics jobs(Set<String> types) {
        return new JobMetrics(registry, types);
    }

    /** Adds facts that do not change. */
    public void info(String name, String help, Map<String, String> facts) {
        Info.builder()
                .name(name)
                .help(help)
                .labelNames(facts.keySet().toArray(String[]::new))
                .register(registry)
                .addLabelValues(facts.values().toArray(String[]::new));
    }

    /** Adds a value that rises and falls. */
    public void gauge(String name, String help, DoubleSupplier value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(value.getAsDouble()))
                .register(registry);
    }

    /** Adds values that rise and fall, by the value of a label. */
    public void gauges(String name, String help, String label, Supplier<Map<String, ? extends Number>> values) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames(label)
                .callback(callback -> values.get().forEach((key, value) -> callback.call(value.doubleValue(), key)))
                .register(registry);
    }

    /** Adds a total, which only rises; its name ends with {@code _total}. */
    public void counter(String name, String help, DoubleSupplier total) {
        CounterWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(total.getAsDouble()))
                .register(registry);
    }

    /** Adds totals by the value of a label. */
    public void counters(String name, String help, String label, Supplier<Map<String, ? extends Number>> totals) {
        CounterWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames(label)
                .callback(callback -> totals.get().forEach((key, total) -> callback.call(total.doubleValue(), key)))
                .register(registry);
    }

    /** Adds histograms of what is measured there, by the value of a label. */
    public void timings(String name, String help, String label, Map<String, TimingPoint> points) {
        Histogram histogram =
                shortSeconds().name(name).help(help).labelNames(label).register(registry);
        points.forEach((key, point) -> {
            var ofKey = histogram.labelValues(key);
            point.listen(nanos -> ofKey.observe(seconds(nanos)));
        });
    }

    static Histogram.Builder shortSeconds() {
        return Histogram.builder().classicOnly().classicUpperBounds(SHORT_SECONDS);
    }

    /** All metrics in the text format of Prometheus, version 0.0.4. */
    public byte[] text() {
        addJvm();
        var text = new ByteArrayOutputStream(1 << 16);
        try {
            writer.write(text, registry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toByteArray();
    }

    /** Late, because this takes a while, and many servers are never asked. */
    private synchronized void addJvm() {
        if (!hasJvm) {
            JvmMetrics.builder().register(registry);
            hasJvm = true;
        }
    }
}
