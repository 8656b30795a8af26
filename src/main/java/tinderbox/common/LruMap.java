package tinderbox.common;

import java.util.LinkedHashMap;
import java.util.Map;

/** A map of bounded size: a new entry beyond the bound drops the one that was used least recently. Not thread-safe. */
public final class LruMap<K, V> extends LinkedHashMap<K, V> {
    private static final long serialVersionUID = 1L;

    private final int most;

    /** Keeps at most {@code most} entries. */
    public LruMap(int most) {
        super(16, 0.75f, true);
        this.most = most;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > most;
    }
}
