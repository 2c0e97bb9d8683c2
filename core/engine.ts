import { type LoginEnvironment, postgresEnvironment } from "./child_env.ts";

/** The engines that rdsiam knows. */
export type EngineName = "postgres";

/** What differs between the engines; adding one is adding a row to {@linkcode ENGINES}. */
export interface Engine {
  /** Its name, as `--engine` takes it. */
  name: EngineName;
  /** The port where none is given. */
  defaultPort: number;
  /** Schemes of its connection URLs, without the colon. */
  urlProtocols: readonly string[];
  /** The longest user name that the database keeps, in bytes of UTF-8. */
  maxUsernameBytes: number;
  /** The environment that logs one of its clients in. */
  loginEnvironment: LoginEnvironment;
}

/** Every engine by its name. */
export const ENGINES: Readonly<Record<EngineName, Engine>> = {
  postgres: {
    name: "postgres",
    defaultPort: 5432,
    urlProtocols: ["postgres", "postgresql"],
    maxUsernameBytes: 63, // NAMEDATALEN - 1; PostgreSQL would cut a longer name
    loginEnvironment: postgresEnvironment,
  },
};
