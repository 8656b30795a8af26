package tinderbox.store.index;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** Runs SQL statements. Each is a transaction, except in {@link #batch}. */
final class Jdbc {
    private final DataSource source;

    Jdbc(DataSource source) {
        this.source = source;
    }

    /** Maps the current row of a result set. */
    interface RowMapper<T> {
        T map(ResultSet row) throws SQLException;
    }

    int update(String sql, Object... arguments) {
        return execute(sql, arguments, PreparedStatement::executeUpdate);
    }

    <T> List<T> query(RowMapper<T> mapper, String sql, Object... arguments) {
        return execute(sql, arguments, statement -> {
            List<T> rows = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    rows.add(mapper.map(row));
                }
            }
            return rows;
        });
    }

    /** Runs a statement with each list of arguments, in one transaction. */
    void batch(String sql, List<Object[]> arguments) {
        if (arguments.isEmpty()) {
            return;
        }
        try (Connection connection = source.getConnection()) {
            connection.setAutoCommit(false);
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                for (Object[] each : arguments) {
                    bind(statement, each);
                    statement.addBatch();
                }
                statement.executeBatch();
                connection.commit();
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw new IndexException(sql, e);
        }
    }

    private interface Work<T> {
        T on(PreparedStatement statement) throws SQLException;
    }

    private <T> T execute(String sql, Object[] arguments, Work<T> work) {
        try (Connection connection = source.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, arguments);
            return work.on(statement);
        } catch (SQLException | RuntimeException e) {
            // A mapper may throw any exception if a row is damaged.
            throw new IndexException(sql, e);
        }
    }

    private static void bind(PreparedStatement statement, Object[] arguments) throws SQLException {
        for (int i = 0; i < arguments.length; i++) {
            statement.setObject(i + 1, arguments[i]);
        }
    }
}
