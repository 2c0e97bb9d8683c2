import assert from "node:assert/strict";
import { commandFor } from "../../../core/doctor/command.ts";

Deno.test("commandFor() repeats how the target was named, quoted, with what changes", () => {
  const words = {
    name: "my orders",
    fields: { username: "jane doe", region: "us-east-1", port: "5432" },
    config: "./it's.toml",
  };
  assert.equal(
    commandFor(["policy"], words, {
      changes: { region: undefined, host: "db" },
      rest: ["--enable"],
    }),
    `rdsiam policy 'my orders' -h db -p 5432 -U 'jane doe' --config './it'\\''s.toml' --enable`,
  );
  assert.equal(
    commandFor(["doctor"], { name: undefined, fields: {}, config: undefined }),
    "rdsiam doctor",
  );
});
