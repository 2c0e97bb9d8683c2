import java.sql.DriverManager;
import java.util.Properties;

/** Logs in as pgjdbc does with a URL and properties `NAME=VALUE`, and prints who it is. */
class JdbcLogin {
  public static void main(String[] args) throws Exception {
    Properties properties = new Properties();
    for (int index = 1; index < args.length; index++) {
      String[] pair = args[index].split("=", 2);
      properties.put(pair[0], pair[1]);
    }
    try (var connection = DriverManager.getConnection(args[0], properties);
        var rows = connection.createStatement().executeQuery("select session_user")) {
      rows.next();
      System.out.println(rows.getString(1));
    }
  }
}
