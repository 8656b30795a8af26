package tinderbox.bench;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.SplittableRandom;

/** Rides of taxis as CSV, with the columns of New York's files. They are the same in every run. */
final class Trips {
    private static final long SEED = 20_260_119;
    private static final int ZONES = 265;
    private static final int SECONDS_OF_A_MONTH = 31 * 86_400;
    private static final LocalDateTime START = LocalDateTime.of(2026, 1, 1, 0, 0);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);
    private static final String HEADER = "VendorID,tpep_pickup_datetime,tpep_dropoff_datetime,passenger_count,"
            + "trip_distance,RatecodeID,store_and_fwd_flag,PULocationID,DOLocationID,payment_type,fare_amount,extra,"
            + "mta_tax,tip_amount,tolls_amount,improvement_surcharge,total_amount,congestion_surcharge\n";

    private Trips() {}

    /** Writes a file; a row has about 100 bytes. */
    static void write(Path csv, int rows) throws IOException {
        SplittableRandom random = new SplittableRandom(SEED);
        StringBuilder row = new StringBuilder();
        try (BufferedWriter out = Files.newBufferedWriter(csv)) {
            out.write(HEADER);
            for (int i = 0; i < rows; i++) {
                row.setLength(0);
                append(row, random);
                out.append(row);
            }
        }
    }

    private static void append(StringBuilder row, SplittableRandom random) {
        LocalDateTime pickup = START.plusSeconds(random.nextInt(SECONDS_OF_A_MONTH));
        int hundredthsOfMiles = 30 + (int) (600 * -Math.log(1 - random.nextDouble()));
        int fare = 250 + hundredthsOfMiles * 2;
        int tip = random.nextInt(3) == 0 ? 0 : fare / 5;
        int tolls = random.nextInt(20) == 0 ? 655 : 0;
        row.append(1 + random.nextInt(2))
                .append(',')
                .append(TIME.format(pickup))
                .append(',');
        row.append(TIME.format(pickup.plusSeconds(hundredthsOfMiles * 3L))).append(',');
        row.append(random.nextInt(1, 7)).append(',');
        cents(row, hundredthsOfMiles).append(random.nextInt(40) == 0 ? 2 : 1).append(',');
        row.append(random.nextInt(200) == 0 ? 'Y' : 'N').append(',');
        row.append(random.nextInt(1, ZONES + 1)).append(',').append(random.nextInt(1, ZONES + 1));
        row.append(',').append(random.nextInt(1, 5)).append(',');
        cents(row, fare).append("0.5,0.5,");
        cents(cents(row, tip), tolls).append("0.3,");
        cents(row, fare + tip + tolls + 380).append("2.5\n");
    }

    private static StringBuilder cents(StringBuilder row, int cents) {
        return row.append(cents / 100)
                .append('.')
                .append(cents / 10 % 10)
                .append(cents % 10)
                .append(',');
    }
}
