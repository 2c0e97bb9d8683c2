/** Files of clients with content that is not rdsiam's. */
export const FOREIGN = {
  service: `# my services
[legacy]
host=old.example.com
 user=me
password=not # a comment

  [other]
host=other.example.com

# for the nightly job
[nightly]
service_without_value=
`,
  pgadmin: `{
    "Servers": {
        "1": {
            "Name": "mine",
            "Group": "Servers",
            "Host": "localhost",
            "Port": 5432,
            "MaintenanceDB": "postgres",
            "Username": "me"
        },
        "7": { "Name": "other", "Comment": "rds", "Group": "x" }
    }
}
`,
  dbeaver: `{
\t"folders": {
\t\t"Prod": {}
\t},
\t"connections": {
\t\t"postgres-jdbc-18c-1": {
\t\t\t"provider": "postgresql",
\t\t\t"driver": "postgres-jdbc",
\t\t\t"name": "mine",
\t\t\t"configuration": {
\t\t\t\t"host": "localhost",
\t\t\t\t"url": "jdbc:postgresql://localhost:5432/"
\t\t\t}
\t\t}
\t},
\t"connection-types": {
\t\t"dev": { "name": "Development" }
\t}
}`,
  settings: `{
  // how I like it
  "editor.fontSize": 14, /* big */
  "sqltools.connections": [
    {
      "name": "mine", // local
      "driver": "PostgreSQL",
      "server": "localhost",
    },
  ],
  // last
}
`,
  dataSources: `<?xml version="1.0" encoding="UTF-8"?>
<project version="4">
  <component name="DataSourceManagerImpl" format="xml" multifile-model="true">
    <data-source source="LOCAL" name="mine" uuid="843df903-9d7f-406a-8005-343adb360a62">
      <driver-ref>postgresql</driver-ref>
      <jdbc-url>jdbc:postgresql://localhost:5432/a?b=&amp;c</jdbc-url>
    </data-source>
    <!-- <data-source> that is none -->
  </component>
</project>`,
  dataSourcesLocal: `<?xml version="1.0" encoding="UTF-8"?>
<project version="4">
  <component name="dataSourceStorageLocal" created-in="IU-233.13135.103">
    <data-source name="mine" uuid="843df903-9d7f-406a-8005-343adb360a62">
      <user-name>me</user-name>
    </data-source>
  </component>
</project>
`,
} as const;
