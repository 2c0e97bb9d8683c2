import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.sql.DriverManager;
import java.util.Properties;

/** As reader.py, through pgjdbc. */
public class Reader {
  public static void main(String[] args) throws Exception {
    BufferedReader stdin = new BufferedReader(new InputStreamReader(System.in));
    for (String line; (line = stdin.readLine()) != null;) {
      String[] words = line.split(" ");
      for (int i = 0; i < words.length; i++) words[i] = URLDecoder.decode(words[i], "UTF-8");
      System.setProperty("org.postgresql.pgpassfile", words[0]);
      Properties properties = new Properties();
      properties.setProperty("user", words[4]);
      properties.setProperty("ApplicationName", words[5]);
      properties.setProperty("assumeMinServerVersion", "9.0");
      properties.setProperty("sslmode", "disable");
      properties.setProperty("gssEncMode", "disable");
      properties.setProperty("loginTimeout", "10");
      String url = "jdbc:postgresql://" + words[1] + ":" + words[2] + "/" + URLEncoder.encode(words[3], "UTF-8");
      String answer = "connected";
      try {
        DriverManager.getConnection(url, properties).close();
      } catch (Exception error) {
        answer = error.toString().replaceAll("\\s+", " ");
      }
      System.out.println(answer);
    }
  }
}
