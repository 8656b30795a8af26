package tinderbox.job.dispatch;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes calls of a store fail before they do anything, as with a full disk or no memory. */
final class StoreFaults {
    private final Map<String, Fault> faults = new ConcurrentHashMap<>();

    private record Fault(Throwable thrown, int times, AtomicInteger calls) {}

    /** The store, with these faults. */
    JobStore on(JobStore store) {
        return (JobStore) Proxy.newProxyInstance(
                JobStore.class.getClassLoader(),
                new Class<?>[] {JobStore.class},
                (proxy, method, arguments) -> call(store, method, arguments));
    }

    /** Makes the next {@code times} calls of this method throw. */
    void fail(String method, Throwable thrown, int times) {
        faults.put(method, new Fault(thrown, times, new AtomicInteger()));
    }

    /** How often the method has been called since {@link #fail}. */
    int calls(String method) {
        return faults.get(method).calls().get();
    }

    private Object call(JobStore store, Method method, Object[] arguments) throws Throwable {
        Fault fault = faults.get(method.getName());
        if (fault != null && fault.calls().incrementAndGet() <= fault.times()) {
            throw fault.thrown();
        }
        try {
            return method.invoke(store, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
