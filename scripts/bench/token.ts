/**
 * Cold start of `rdsiam token` with static credentials, side by side with its peers. It runs from the bundle that goes
 * into the binary, as users have it.
 */
// deno-lint-ignore-file no-console

import { fileURLToPath } from "node:url";
import { PERMISSIONS } from "../../cli/frame/permissions.ts";
import { ALONE } from "../bundle/alone.ts";
import { ENTRY } from "../bundle/bundle.ts";
import { writeBundle } from "../bundle/write_bundle.ts";
import { median, writeResult } from "./report.ts";

const ROUNDS = 25;
const WARM_UPS = 3;

const KEY = {
  AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
  AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
};
const HOST = "orders.abcdefghijkl.eu-west-1.rds.amazonaws.com";
const TOKEN = ["token", "-h", HOST, "-U", "app"];

interface Peer {
  name: string;
  command: [string, ...string[]];
}

/** Measures all peers in alternating runs, so that whatever else the machine does falls on all alike. */
export async function benchToken(): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const peers = await findPeers(folder);
    const times = new Map<string, number[]>();
    for (let round = -WARM_UPS; round < ROUNDS; round++) {
      for (const { name, command } of peers) {
        const milliseconds = await time(command);
        if (round >= 0) {
          times.set(name, [...times.get(name) ?? [], milliseconds]);
        }
      }
    }
    const ours = median(times.get("rdsiam token") ?? []);
    const rows = peers.map(({ name, command }) => {
      const milliseconds = median(times.get(name) ?? []);
      return {
        name,
        program: command[0],
        milliseconds,
        ratio: milliseconds / ours,
      };
    });
    console.table(rows.map(({ name, milliseconds, ratio }) => ({
      name,
      "median ms": milliseconds.toFixed(1),
      "× rdsiam token": ratio.toFixed(2),
    })));
    await writeResult("token", { rounds: ROUNDS, rows });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function findPeers(folder: string): Promise<Peer[]> {
  const main = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));
  await writeBundle(`${folder}/bundle`);
  const bundle = `${folder}/bundle/${ENTRY}`;
  const empty = `${folder}/empty.ts`;
  await Deno.writeTextFile(empty, "");
  const sdk = fileURLToPath(new URL("./token_sdk.ts", import.meta.url));
  const aws = await findAws();
  const deno: [string, string, ...string[]] = [Deno.execPath(), "run"];
  return [
    {
      name: "rdsiam token",
      command: [...deno, ...ALONE, ...PERMISSIONS, bundle, ...TOKEN],
    },
    {
      name: "rdsiam token from the source tree",
      command: [...deno, ...PERMISSIONS, main, ...TOKEN],
    },
    {
      name: "rdsiam --version",
      command: [...deno, ...ALONE, ...PERMISSIONS, bundle, "--version"],
    },
    {
      name: "@aws-sdk/rds-signer alone",
      command: [...deno, ...PERMISSIONS, sdk, HOST],
    },
    { name: "deno run of an empty file", command: [...deno, empty] },
    ...(await exists("node")
      ? [{ name: "node -e 0", command: ["node", "-e", "0"] as Peer["command"] }]
      : []),
    ...(aws === undefined ? [] : [{
      name: "aws rds generate-db-auth-token",
      command: [
        aws,
        ...[
          "rds",
          "generate-db-auth-token",
          "--hostname",
          HOST,
          "--port",
          "5432",
        ],
        ...["--region", "eu-west-1", "--username", "app"],
      ] as Peer["command"],
    }]),
  ];
}

/** The AWS CLI itself: pyenv's shim before it would count against it. */
async function findAws(): Promise<string | undefined> {
  if (!await exists("aws")) {
    console.log("The AWS CLI is not installed: left out.");
    return undefined;
  }
  if (!await exists("pyenv")) return "aws";
  const { success, stdout } = await new Deno.Command("pyenv", {
    args: ["which", "aws"],
    stderr: "null",
  }).output();
  return success ? new TextDecoder().decode(stdout).trim() : "aws";
}

async function exists(program: string): Promise<boolean> {
  try {
    await new Deno.Command(program, {
      args: ["--version"],
      stdout: "null",
      stderr: "null",
    }).output();
    return true;
  } catch {
    return false;
  }
}

async function time([program, ...args]: Peer["command"]): Promise<number> {
  const start = performance.now();
  const { success, stderr } = await new Deno.Command(program, {
    args,
    env: KEY,
    stdin: "null",
  }).output();
  const milliseconds = performance.now() - start;
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return milliseconds;
}
