import { temporaryFolder } from "../../adapters/temporary_folder.ts";
import { isMissing, skip } from "../../programs.ts";
import { KEY, RDSIAM } from "../rdsiam.ts";
import { cancelQuery, Terminal } from "../terminal.ts";
import { sshdIsMissing, startBastion } from "./bastion.ts";
import { startPrivateDatabase } from "./database.ts";
import { startSsmService } from "./ssm_service.ts";

Deno.test("connect opens psql on a private database in a terminal, where Ctrl-C cancels a query", async (t) => {
  if (await isMissing(t, "tmux", "bash", "psql", "ps")) return;
  await using database = await startPrivateDatabase();
  const { emulator } = database;

  async function works(spec: string, env: Record<string, string>) {
    await using folder = await temporaryFolder();
    const line = [...RDSIAM, "connect", ...database.through(spec), "--", "-X"];
    await Deno.writeTextFile(`${folder.path}/connect`, line.join(" "));
    await using terminal = await Terminal.open({ ...KEY, ...env });
    await terminal.enter(`bash ${folder.path}/connect; echo "code=$?"`);
    await cancelQuery(terminal, emulator);
    await terminal.see(/code=0/);
  }

  await t.step("through ssh", async (t) => {
    if (sshdIsMissing()) return await skip(t, "sshd is not installed");
    await using bastion = await startBastion();
    await works("ssh:bastion", { PATH: bastion.path });
  });

  await t.step("through Systems Manager", async () => {
    await using service = startSsmService();
    await works("ssm:i-0123456789abcdef0", { AWS_ENDPOINT_URL: service.url });
  });
});
