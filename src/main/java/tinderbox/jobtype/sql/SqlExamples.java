package tinderbox.jobtype.sql;

import java.util.List;
import tinderbox.jobtype.ParamSpec.Example;

/** Queries over the samples, from simple to less so. */
final class SqlExamples {
    static final List<Example> ALL = List.of(
            new Example("Look at a table", "SELECT * FROM `samples/air/airports.csv` LIMIT 10"),
            new Example("Choose rows and columns, and sort them", """
                    SELECT origin, destination, count
                    FROM `samples/air/routes-2008.csv`
                    WHERE count > 10000
                    ORDER BY count DESC"""),
            new Example("Count by group", """
                    SELECT state, count(*) AS airports
                    FROM `samples/air/airports.csv`
                    GROUP BY state
                    ORDER BY airports DESC"""),
            new Example("Join two tables", """
                    SELECT a.city, a.state, sum(r.count) AS flights
                    FROM `samples/air/routes-2008.csv` r
                    JOIN `samples/air/airports.csv` a ON a.iata = r.origin
                    GROUP BY ALL
                    ORDER BY flights DESC
                    LIMIT 20"""),
            new Example("Averages by month", """
                    SELECT month(date) AS month, round(avg(temp_max), 1) AS warmest, round(sum(precipitation)) AS rain
                    FROM `samples/air/seattle-weather.csv`
                    GROUP BY month
                    ORDER BY month"""),
            new Example("Compare each row with its group", """
                    SELECT state, name, latitude, rank() OVER (PARTITION BY state ORDER BY latitude DESC) AS north
                    FROM `samples/air/airports.csv`
                    QUALIFY north <= 3
                    ORDER BY state, north"""),
            new Example("Count the words of a text", """
                    SELECT word, count(*) AS count
                    FROM (SELECT explode(split(lower(value), '[^a-z]+')) AS word FROM `samples/moby-dick.txt`)
                    WHERE length(word) > 7
                    GROUP BY word
                    ORDER BY count DESC
                    LIMIT 50"""));

    private SqlExamples() {}
}
