import assert from "node:assert/strict";
import { isMissing } from "../../programs.ts";
import { KEY, RDSIAM, run } from "../rdsiam.ts";

const HOST = "orders.abcdefghijkl.eu-west-1.rds.amazonaws.com";
const EXEC = [...RDSIAM, "exec", "-h", HOST, "-U", "app", "--"].join(" ");

/** Runs a shell script in which `exec` starts `rdsiam exec`. */
function script(text: string) {
  return run(["bash", "-c", text], { env: { ...KEY, EXEC } });
}

const isLinux = Deno.build.os === "linux";

Deno.test({
  name:
    "a signal that was ignored when exec started stays ignored, for its child too",
  ignore: !isLinux,
  async fn(t) {
    if (await isMissing(t, "bash", "nohup", "sleep")) return;
    for (
      const [start, signal] of [
        ["exec nohup", "HUP"],
        ["trap '' INT TERM; exec", "TERM"],
        ["trap '' INT TERM; exec", "INT"],
        ["trap '' USR1; exec", "USR1"],
      ]
    ) {
      const done = await script(`
        coproc RUN { ${start} $EXEC bash -c 'echo started; sleep 0.7; echo finished' 2>/dev/null; }
        pid=$RUN_PID
        exec 9<&\${RUN[0]}
        read -u 9 line
        kill -${signal} $pid
        cat <&9
        wait $pid; echo "code $?"`);
      assert.equal(done.stdout, "finished\ncode 0\n", `${start} ${signal}`);
    }
  },
});

Deno.test("a signal that was not ignored ends exec's child", async (t) => {
  if (await isMissing(t, "bash")) return;
  const { stdout } = await script(`
    coproc RUN { exec $EXEC bash -c 'echo started; sleep 20; echo finished' 2>/dev/null; }
    pid=$RUN_PID
    exec 9<&\${RUN[0]}
    read -u 9 line
    kill -HUP $pid
    cat <&9
    wait $pid; echo "code $?"`);
  assert.equal(stdout, "code 129\n");
});
