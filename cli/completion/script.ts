import bash from "./scripts/rdsiam.bash" with { type: "text" };
import fish from "./scripts/rdsiam.fish" with { type: "text" };
import powershell from "./scripts/rdsiam.ps1" with { type: "text" };
import zsh from "./scripts/rdsiam.zsh" with { type: "text" };

/** The completion script of each shell. They ask `rdsiam __complete` at each key, and so never grow old. */
export const SCRIPTS = { bash, zsh, fish, powershell } as const;

/** The shells that there is completion for. */
export const SHELLS = Object.keys(SCRIPTS) as (keyof typeof SCRIPTS)[];
