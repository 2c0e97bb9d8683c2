import { NPM_PACKAGE } from "./release.ts";

/** How this program came here, as far as it matters for replacing it. */
export interface Installation {
  /** Whether it is the compiled binary. */
  standalone: boolean;
  /** The executable: absolute, links followed. */
  execPath: string;
  /** URL of the module that it runs. */
  mainModule: string;
}

/** What installed a program, and has to replace it. */
export interface Installer {
  /** As in a sentence: `Homebrew`. */
  name: string;
  /** What to do instead of `rdsiam upgrade`. */
  advice: string;
}

/** Where package managers keep what is theirs. */
const MANAGED: readonly (Installer & { path: RegExp })[] = [
  // Before Homebrew and Scoop, which keep the packages of their Node in their own folders.
  {
    path: /\/node_modules\//,
    name: "npm",
    advice: `Run: npm install --global ${NPM_PACKAGE}@latest`,
  },
  {
    path: /\/Cellar\/|\/homebrew\/|\/linuxbrew\//,
    name: "Homebrew",
    advice: "Run: brew upgrade rdsiam",
  },
  {
    path: /\/scoop\/(apps|shims)\//i,
    name: "Scoop",
    advice: "Run: scoop update rdsiam",
  },
  {
    path: /^\/nix\/store\//,
    name: "Nix",
    advice: "Upgrade it where your Nix configuration names it",
  },
  {
    path: /^\/(usr\/)?s?bin\//,
    name: "the system's package manager",
    advice: "Upgrade its package, or its container's image",
  },
];

/**
 * Who has to replace this program, when that is not `rdsiam upgrade` itself: a package manager that would not know of
 * the new file, or Deno, which runs it from source.
 */
export function otherInstaller(
  { standalone, execPath, mainModule }: Installation,
): Installer | undefined {
  const file = standalone ? execPath : mainModule.replace(/^file:\/\//, "");
  const path = file.replaceAll("\\", "/");
  const found = MANAGED.find((manager) => manager.path.test(path));
  if (found !== undefined) return { name: found.name, advice: found.advice };
  if (standalone) return undefined;
  return {
    name: "Deno",
    advice: mainModule.startsWith("file:")
      ? "In its source tree: git pull"
      : "Run its deno install … again, with --force and the new version",
  };
}
