import type { Command } from "commander";
import { RdsiamError } from "../../core/errors.ts";
import { releaseTarget, REPOSITORY_URL } from "../../core/release/release.ts";
import {
  addCommonOptions,
  addExamples,
  applyVerbosity,
  type CommonOptions,
  type Invocation,
} from "../frame/command.ts";
import type { Context } from "../frame/context.ts";
import { VERSION } from "../frame/build_info.ts";
import { type OwnProcess, ownProcess } from "../frame/own_command.ts";

interface UpgradeOptions extends CommonOptions {
  version?: string;
  check?: boolean;
}

/** Declares `upgrade`. */
export function declare(command: Command, invocation: Invocation): void {
  command
    .option(
      "--version <version>",
      "the version to install, an older one included (default: the latest)",
    )
    .option("--check", "change nothing; exits 1 when there is another version")
    .addHelpText(
      "after",
      "\nEnvironment:\n  RDSIAM_DOWNLOAD_URL  a mirror of " +
        `${REPOSITORY_URL}/releases`,
    );
  addExamples(addCommonOptions(command), [
    "rdsiam upgrade",
    "rdsiam upgrade --check",
    "rdsiam upgrade --version 0.1.0",
  ]).action((options: UpgradeOptions) =>
    run(options, invocation, ownProcess(), VERSION)
  );
}

/** Replaces the program of a process by another version of it. */
export async function run(
  options: UpgradeOptions,
  invocation: Invocation<Pick<Context, "stdout">>,
  process: OwnProcess,
  installed: string,
): Promise<void> {
  const reporter = applyVerbosity(invocation, options);
  const { context } = invocation;
  const wanted = await readVersion(options.version);
  const place = await releasePlace(context.environment);
  const path = await Deno.realPath(process.execPath);
  if (!options.check) {
    await refuseManaged({ ...process, execPath: path });
  }

  const { findRelease, installRelease } = await import(
    "../../services/release/upgrade.ts"
  );
  const { archive, change } = await findRelease(place, installed, wanted);
  const { version } = archive;
  const isWanted = change === "newer" ||
    change === "older" && wanted !== undefined;
  if (isWanted && options.check) invocation.exitCode = 1;
  if (isWanted && !options.check) {
    reporter.info(`Downloading rdsiam ${version} for ${place.target.triple}`);
    const { createProgramFile } = await import(
      "../../adapters/release/program_file.ts"
    );
    await installRelease(place, archive, createProgramFile(path));
  }
  if (options.json) {
    const result = {
      installed,
      available: version,
      change,
      upgraded: isWanted && !options.check,
      path: process.standalone ? path : null,
    };
    context.stdout.write(`${JSON.stringify(result)}\n`);
  } else {
    context.stdout.write(
      `${sentence({ installed, version, change, wanted, path }, options)}\n`,
    );
  }
}

function sentence(
  { installed, version, change, wanted, path }: {
    installed: string;
    version: string;
    change: "newer" | "same" | "older";
    wanted: string | undefined;
    path: string;
  },
  { check = false }: UpgradeOptions,
): string {
  if (change === "same") {
    return wanted === undefined
      ? `rdsiam ${installed} is the latest version`
      : `rdsiam ${installed} is installed already`;
  }
  if (change === "older" && wanted === undefined) {
    return `rdsiam ${installed} is newer than the latest release, ${version}`;
  }
  return check
    ? `rdsiam ${version} is available; ${installed} is installed`
    : `Replaced rdsiam ${installed} by ${version}: ${path}`;
}

async function readVersion(
  text: string | undefined,
): Promise<string | undefined> {
  const { isVersion } = await import("../../core/release/checksums.ts");
  const version = text?.replace(/^v/, "");
  if (version === undefined || isVersion(version)) return version;
  throw new RdsiamError("usage", "The --version is not valid", {
    hint: "Give it as 0.1.0",
  });
}

async function releasePlace(
  { RDSIAM_DOWNLOAD_URL = `${REPOSITORY_URL}/releases` }: Readonly<
    Record<string, string>
  >,
) {
  const { os, arch } = Deno.build;
  const target = releaseTarget(os, arch);
  if (target === undefined) {
    throw new RdsiamError(
      "failed",
      `There is no binary of rdsiam for this machine: ${os}, ${arch}`,
      { hint: `See ${REPOSITORY_URL}/releases` },
    );
  }
  const { isTrustedTransport } = await import(
    "../../core/release/source_url.ts"
  );
  const url = URL.parse(RDSIAM_DOWNLOAD_URL);
  if (url === null || !isTrustedTransport(url)) {
    throw new RdsiamError("usage", "RDSIAM_DOWNLOAD_URL is not an HTTPS URL", {
      hint: "Give it as https://…; http: is for a server of this machine alone",
    });
  }
  const { systemDownloads } = await import(
    "../../adapters/release/downloads.ts"
  );
  const releasesUrl = RDSIAM_DOWNLOAD_URL.replace(/\/+$/, "");
  return { downloads: systemDownloads, releasesUrl, target };
}

async function refuseManaged(process: OwnProcess): Promise<void> {
  const { otherInstaller } = await import("../../core/release/installer.ts");
  const installer = otherInstaller(process);
  if (installer === undefined) return;
  throw new RdsiamError(
    "usage",
    `This rdsiam is not replaced: ${installer.name} installed it`,
    { hint: installer.advice },
  );
}
