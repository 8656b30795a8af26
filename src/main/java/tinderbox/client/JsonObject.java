package tinderbox.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A JSON object that a server sent. What is missing, or of another type, is null, 0 or empty. */
public record JsonObject(Map<String, ?> members) {
    /** The member as a text; null if it is none. */
    public String text(String name) {
        return members.get(name) instanceof String text ? text : null;
    }

    /** The member as a text, even if it is a number; empty if it is null. */
    public String shown(String name) {
        return members.get(name) == null ? "" : String.valueOf(members.get(name));
    }

    /** The member, a text that every Tinderbox server sends, as a terminal may show it. */
    public String required(String name) throws ClientException {
        String text = text(name);
        if (text == null) {
            throw ClientException.foreign(null);
        }
        return Terminal.safe(text);
    }

    /** The member, a list of objects that every Tinderbox server sends. */
    public List<JsonObject> requiredObjects(String name) throws ClientException {
        if (members.get(name) instanceof List<?> list && list.stream().allMatch(Map.class::isInstance)) {
            return objects(name);
        }
        throw ClientException.foreign(null);
    }

    /** The member as a number; 0 if it is none. */
    public long number(String name) {
        return members.get(name) instanceof Number number ? number.longValue() : 0;
    }

    public boolean flag(String name) {
        return Boolean.TRUE.equals(members.get(name));
    }

    public boolean has(String name) {
        return members.get(name) != null;
    }

    /** The member as an object; one without members if it is none. */
    public JsonObject object(String name) {
        return of(members.get(name));
    }

    /** The elements of a list that are objects. */
    public List<JsonObject> objects(String name) {
        List<JsonObject> objects = new ArrayList<>();
        for (Object element : list(name)) {
            objects.add(of(element));
        }
        return objects;
    }

    /** The elements of a list. */
    public List<?> list(String name) {
        return members.get(name) instanceof List<?> list ? list : List.of();
    }

    /** A list of texts. */
    public List<String> texts(String name) {
        return list(name).stream().map(String::valueOf).toList();
    }

    @SuppressWarnings("unchecked")
    static JsonObject of(Object value) {
        return new JsonObject(value instanceof Map<?, ?> map ? (Map<String, ?>) map : Map.of());
    }
}
