/** A server of releases, which can go wrong in the ways that networks and mirrors do. */

import { createHash } from "node:crypto";
import { run } from "../programs.ts";
import { temporaryFolder } from "../adapters/temporary_folder.ts";

/** How a file is answered for. */
export type Fault =
  /** All is there, but for one byte. */
  | "corrupted"
  /** The server says that it is shorter than it is. */
  | "truncated"
  /** The server goes away half-way. */
  | "interrupted"
  | "missing";

/** A server of releases; disposing of it ends it. */
export interface ReleaseServer extends AsyncDisposable {
  /** Stands for `https://github.com/rdsiam/rdsiam/releases`. */
  url: string;
  /** Every path that was asked for. */
  asked: string[];
  /** By the end of its path: what to do wrong. */
  faults: Map<string, Fault>;
  /** By its path; what is served. */
  files: Map<string, Uint8Array>;
}

/** What stands for the binary: a script, since the real one cannot be made everywhere. */
export function standIn(version: string): string {
  return `#!/bin/sh\n[ "$*" = --version ] && echo "rdsiam ${version}"\n`;
}

/** An archive as releases have it, with this program in it. */
export async function archiveOf(program: string): Promise<Uint8Array> {
  await using folder = await temporaryFolder();
  await Deno.writeTextFile(`${folder.path}/rdsiam`, program);
  await Deno.chmod(`${folder.path}/rdsiam`, 0o755);
  await Deno.writeTextFile(`${folder.path}/LICENSE`, "MIT\n");
  const archive = `${folder.path}/archive.tar.gz`;
  await run("tar", ["-czf", archive, "-C", folder.path, "LICENSE", "rdsiam"]);
  return await Deno.readFile(archive);
}

/** A line of `SHA256SUMS`. */
export function checksumLine(name: string, bytes: Uint8Array): string {
  return `${createHash("sha256").update(bytes).digest("hex")}  ${name}\n`;
}

/** The name of the archive for this machine. */
export function assetOf(version: string): string {
  return `rdsiam-${version}-${Deno.build.target}.tar.gz`;
}

/** Serves versions 1.1.0 and 1.2.0 of the stand-in for this machine; the latter is the latest. */
export async function serveRdsiam(): Promise<ReleaseServer> {
  const files = new Map<string, Uint8Array>();
  for (const version of ["1.1.0", "1.2.0"]) {
    const archive = await archiveOf(standIn(version));
    const other = checksumLine(`rdsiam-${version}.sbom.json`, archive);
    const sums = new TextEncoder().encode(
      other + checksumLine(assetOf(version), archive),
    );
    files.set(`/download/v${version}/${assetOf(version)}`, archive);
    files.set(`/download/v${version}/SHA256SUMS`, sums);
    files.set(`/latest/download/SHA256SUMS`, sums);
  }
  return serveReleases(files);
}

/** The names in a folder, in their order. */
export async function namesIn(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name)
    .sort();
}

/** Serves files over HTTP, a connection each. */
export function serveReleases(
  files: ReadonlyMap<string, Uint8Array>,
): ReleaseServer {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const server = {
    url: `http://127.0.0.1:${listener.addr.port}`,
    asked: [] as string[],
    faults: new Map<string, Fault>(),
    files: new Map(files),
  };
  const running = new Set<Promise<void>>();
  const accepting = (async () => {
    for await (const connection of listener) {
      const answering = answer(connection, server).catch(() => {});
      running.add(answering);
      answering.finally(() => running.delete(answering));
    }
  })();
  return {
    ...server,
    async [Symbol.asyncDispose]() {
      listener.close();
      await accepting;
      await Promise.all(running);
    },
  };
}

async function answer(
  connection: Deno.Conn,
  { asked, faults, files }: Pick<ReleaseServer, "asked" | "faults" | "files">,
): Promise<void> {
  using _closing = connection;
  const path = await requestedPath(connection);
  asked.push(path);
  const fault = [...faults].find(([end]) => path.endsWith(end))?.[1];
  const found = fault === "missing" ? undefined : files.get(path);
  if (found === undefined) {
    return await write(connection, head("404 Not Found", 0));
  }
  const bytes = found.slice();
  const half = bytes.subarray(0, bytes.length / 2);
  switch (fault) {
    case "corrupted":
      bytes[20] = (bytes[20] ?? 0) ^ 1;
      break;
    case "truncated":
      await write(connection, head("200 OK", half.length));
      return await write(connection, half);
    case "interrupted":
      await write(connection, head("200 OK", bytes.length));
      return await write(connection, half);
  }
  await write(connection, head("200 OK", bytes.length));
  await write(connection, bytes);
}

async function requestedPath(connection: Deno.Conn): Promise<string> {
  let text = "";
  const buffer = new Uint8Array(4096);
  while (!text.includes("\r\n\r\n")) {
    const length = await connection.read(buffer);
    if (length === null) break;
    text += new TextDecoder().decode(buffer.subarray(0, length));
  }
  return text.split(" ")[1] ?? "";
}

function head(status: string, length: number): Uint8Array {
  return new TextEncoder().encode(
    `HTTP/1.1 ${status}\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n`,
  );
}

async function write(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    written += await connection.write(bytes.subarray(written));
  }
}
