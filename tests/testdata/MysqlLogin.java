import java.sql.DriverManager;
import java.util.Properties;

/** Logs in by JDBC with a URL, a user and a password, and prints who it is after a prepared statement and a batch. */
class MysqlLogin {
  public static void main(String[] args) throws Exception {
    Properties properties = new Properties();
    properties.put("user", args[1]);
    properties.put("password", args[2]);
    try (var connection = DriverManager.getConnection(args[0], properties)) {
      connection.setAutoCommit(false);
      try (var insert = connection.prepareStatement("insert into orders (id, item) values (?, ?)")) {
        for (int id = 1; id <= 3; id++) {
          insert.setInt(1, id);
          insert.setString(2, "from JDBC");
          insert.addBatch();
        }
        insert.executeBatch();
      }
      try (var query = connection.prepareStatement("select current_user(), count(*) from orders where item = ?")) {
        query.setString(1, "from JDBC");
        var rows = query.executeQuery();
        rows.next();
        System.out.println(rows.getString(1) + " " + rows.getInt(2));
      }
      connection.rollback();
    }
  }
}
