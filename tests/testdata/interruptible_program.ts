/** Prints its parent's number and its own, goes on until it is interrupted, says so, and ends with code 3. */
Deno.addSignalListener("SIGINT", () => {
  print("interrupted");
  Deno.exit(3);
});
Deno.addSignalListener("SIGQUIT", () => Deno.exit(4));
print(`${Deno.ppid} ${Deno.pid}`);
setInterval(() => {}, 60_000);

function print(line: string) {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}
