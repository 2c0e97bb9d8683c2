/** What is typed into a terminal, and the picture that is made of it. */
export interface Scene {
  /** The picture's file name, without its ending. */
  name: string;
  title: string;
  /** What is typed, and what the screen ends with when it is answered. */
  steps: readonly { type: string; until?: RegExp }[];
  /** What differs from run to run, and what is shown in its place. */
  chance?: readonly (readonly [found: RegExp, shown: string])[];
}

/** The prompts of bash and of psql. */
export const PROMPT = /\$ $/;
const PSQL_PROMPT = /orders=> $/;

/**
 * Every picture. Each is of a folder with an `rdsiam.toml` that names the target `orders`, whose administrator's password
 * is in the passfile, as it was left by the one before.
 */
export const SCENES: readonly Scene[] = [
  {
    name: "psql",
    title: "A database user that logs in with IAM",
    steps: [
      { type: "rdsiam setup-db orders --grant-public-crud --quiet" },
      { type: "rdsiam exec orders -- psql --quiet", until: PSQL_PROMPT },
      {
        type: "insert into orders (item) values ('tea') returning *;",
        until: PSQL_PROMPT,
      },
      { type: "\\q" },
    ],
  },
  {
    name: "files",
    title: "Tokens where clients look for passwords",
    steps: [
      { type: "rdsiam sync orders --writer pgpass --writer pg-service" },
      { type: "rdsiam pgpass list" },
      {
        type: "psql service=orders -c 'select session_user, item from orders'",
      },
      { type: "rdsiam pgpass sync --watch", until: /1[45]:\d\d.* $/ },
    ],
    chance: [
      [/20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d\d\dZ/, "2026-01-15T12:49:56.000Z"],
      [/ \(unchanged\)/, ""], // when the second is the same
      [/until \d\d:\d\d:\d\d/, "until 12:49:56"],
      [/(?<=\s)1[45]:\d\d(?!:)/, "15:00"],
    ],
  },
  {
    name: "proxy",
    title: "A local endpoint for clients that keep a password",
    steps: [
      {
        type:
          "rdsiam proxy orders --listen 127.0.0.1:6543 --local-password-file pw & sleep 2",
      },
      { type: "export PGPASSWORD=$(cat pw)" },
      {
        type: "psql postgres://app@127.0.0.1:6543/orders -c 'table orders'",
      },
    ],
    chance: [[/\[1\] \d+/, "[1] 4711"]],
  },
];
