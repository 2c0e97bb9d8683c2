import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** pgjdbc with a server-side prepared statement, a batch, and a query that is cancelled. Arguments: URL, user, password. */
public class Client {
  public static void main(String[] args) throws Exception {
    try (Connection connection = DriverManager.getConnection(args[0], args[1], args[2])) {
      try (PreparedStatement statement = connection.prepareStatement("select session_user || ?::text")) {
        for (int i = 0; i < 10; i++) {
          statement.setInt(1, i);
          try (ResultSet rows = statement.executeQuery()) {
            rows.next();
            System.out.print(rows.getString(1) + " ");
          }
        }
      }
      try (Statement statement = connection.createStatement()) {
        statement.setQueryTimeout(1);
        statement.execute("select pg_sleep(60)");
      } catch (SQLException error) {
        System.out.print(error.getSQLState());
      }
    }
  }
}
