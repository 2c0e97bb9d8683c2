import assert from "node:assert/strict";
import { otherInstaller } from "../../../core/release/installer.ts";

function binary(execPath: string) {
  return { standalone: true, execPath, mainModule: "file:///tmp/main.ts" };
}

function script(mainModule: string) {
  return { standalone: false, execPath: "/usr/bin/deno", mainModule };
}

Deno.test("otherInstaller() names the command of the package manager that has the binary", () => {
  const cases: [execPath: string, advice: string][] = [
    [
      "/opt/homebrew/Cellar/rdsiam/1.0.0/bin/rdsiam",
      "Run: brew upgrade rdsiam",
    ],
    ["/usr/local/Cellar/rdsiam/1.0.0/bin/rdsiam", "Run: brew upgrade rdsiam"],
    [
      "/home/linuxbrew/.linuxbrew/Cellar/rdsiam/1.0.0/bin/rdsiam",
      "Run: brew upgrade rdsiam",
    ],
    [
      "C:\\Users\\jo\\scoop\\apps\\rdsiam\\current\\rdsiam.exe",
      "Run: scoop update rdsiam",
    ],
    [
      "/nix/store/abc-rdsiam-1.0.0/bin/rdsiam",
      "Upgrade it where your Nix configuration names it",
    ],
    ["/usr/bin/rdsiam", "Upgrade its package, or its container's image"],
  ];
  for (const [execPath, advice] of cases) {
    assert.equal(otherInstaller(binary(execPath))?.advice, advice);
  }
});

Deno.test("otherInstaller() leaves a binary that nobody else has to rdsiam itself", () => {
  for (
    const execPath of [
      "/home/jo/.local/bin/rdsiam",
      "/usr/local/bin/rdsiam",
      "/opt/rdsiam/bin/rdsiam",
      "C:\\Users\\jo\\.local\\bin\\rdsiam.exe",
    ]
  ) assert.equal(otherInstaller(binary(execPath)), undefined, execPath);
});

Deno.test("otherInstaller() knows that what runs from source is not a binary", () => {
  const cases: [mainModule: string, name: string, advice: RegExp][] = [
    ["file:///home/jo/rdsiam/cli/main.ts", "Deno", /git pull/],
    ["https://example.com/rdsiam/cli/main.ts", "Deno", /deno install/],
    [
      "file:///usr/lib/node_modules/rdsiam/bundle/rdsiam.js",
      "npm",
      /npm install --global rdsiam@latest$/,
    ],
    [
      "file:///opt/homebrew/lib/node_modules/rdsiam/bundle/rdsiam.js",
      "npm",
      /npm install/,
    ],
  ];
  for (const [mainModule, name, advice] of cases) {
    const installer = otherInstaller(script(mainModule));
    assert.equal(installer?.name, name);
    assert.match(installer?.advice ?? "", advice);
  }
});
