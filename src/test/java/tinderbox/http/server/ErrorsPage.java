package tinderbox.http.server;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Turns docs/errors.md into the page that the {@code type} of each problem links to. */
final class ErrorsPage {
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern LINK = Pattern.compile("\\[([^\\]]+)]\\(api\\.md[^)]*\\)");

    private ErrorsPage() {}

    static String of(String document) {
        StringBuilder page = new StringBuilder();
        Set<String> anchors = new HashSet<>();
        for (String line : document.lines().toList()) {
            if (line.startsWith("# ")) {
                page.append("    <h1>").append(html(line.substring(2))).append("</h1>\n");
            } else if (line.startsWith("## ")) {
                page.append("    <h2>").append(html(line.substring(3))).append("</h2>\n");
            } else if (line.startsWith("| `")) {
                page.append(entry(cells(line), anchors));
            } else if (!line.isEmpty() && !line.startsWith("|")) {
                page.append("    <p>").append(html(line)).append("</p>\n");
            }
        }
        return page.toString();
    }

    private static List<String> cells(String row) {
        List<String> cells = new ArrayList<>();
        for (String cell : row.substring(1, row.lastIndexOf('|')).split("(?<!\\\\)\\|", -1)) {
            cells.add(html(cell.strip().replace("\\|", "|")));
        }
        return cells;
    }

    /** A code that is in both tables has its anchor in the first. */
    private static String entry(List<String> cells, Set<String> anchors) {
        String code = cells.get(0).replaceAll("<[^>]+>", "");
        boolean isFirst = anchors.add(code);
        String status = cells.size() == 4 ? " <span class=\"topic-status\">" + cells.get(1) + "</span>" : "";
        String name = "<code>" + code + "</code>";
        return "    <article class=\"topic\"" + (isFirst ? " id=\"" + code + "\"" : "") + ">\n"
                + "      <h3>" + (isFirst ? "<a href=\"#" + code + "\">" + name + "</a>" : name) + status + "</h3>\n"
                + "      <p>" + cells.get(cells.size() - 2) + "</p>\n"
                + "      <p>" + cells.get(cells.size() - 1) + "</p>\n"
                + "    </article>\n";
    }

    private static String html(String markdown) {
        String text = markdown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        return LINK.matcher(CODE.matcher(text).replaceAll("<code>$1</code>")).replaceAll("<a href=\"api.html\">$1</a>");
    }
}
