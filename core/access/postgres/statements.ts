import { MEMBERSHIP_OPTIONS_SINCE } from "../catalog.ts";
import { quoteIdentifier, quoteQualified } from "../identifier.ts";
import type { ObjectName, On, Plan, Step } from "../plan.ts";
import type { ObjectKind } from "../privilege.ts";

/** One statement of SQL, without the semicolon. */
export interface Statement {
  readonly sql: string;
}

/** Names in one statement: long enough for speed, short enough to read and to report. */
const BATCH = 500;

/** ROUTINE is functions, procedures and aggregates (PostgreSQL 11 and later). */
const KEYWORDS: Record<ObjectKind, string> = {
  database: "DATABASE",
  tablespace: "TABLESPACE",
  schema: "SCHEMA",
  table: "TABLE",
  sequence: "SEQUENCE",
  function: "ROUTINE",
  type: "TYPE",
  language: "LANGUAGE",
  "foreign-data-wrapper": "FOREIGN DATA WRAPPER",
  "foreign-server": "FOREIGN SERVER",
  "large-object": "LARGE OBJECT",
};

function objectSql(
  kind: ObjectKind,
  schema: string,
  { name, argumentTypes }: ObjectName,
): string {
  const qualified = quoteQualified(schema, name);
  if (kind !== "function") return qualified;
  const types = argumentTypes.map((type) =>
    quoteQualified(type.schema, type.name)
  );
  return `${qualified}(${types.join(", ")})`;
}

/** What stands behind ON, once for each batch. */
function targetsSql(on: On): readonly string[] {
  const keyword = KEYWORDS[on.kind];
  if (!("objects" in on)) {
    const schema = "schema" in on ? on.schema : null;
    // A large object has a number.
    const name = on.kind === "large-object"
      ? String(BigInt(on.name))
      : schema === null
      ? quoteIdentifier(on.name)
      : quoteQualified(schema, on.name);
    return [`${keyword} ${name}`];
  }
  const { kind, schema, objects } = on;
  if (objects === "all") {
    return [`ALL ${keyword}S IN SCHEMA ${quoteIdentifier(schema)}`];
  }
  const batches = Math.ceil(objects.length / BATCH);
  return Array.from({ length: batches }, (_, index) => {
    const names = objects.slice(index * BATCH, (index + 1) * BATCH)
      .map((object) => objectSql(kind, schema, object));
    return `${keyword} ${names.join(", ")}`;
  });
}

function asRole(role: string | null, statements: readonly string[]) {
  return role === null
    ? statements
    : [`SET LOCAL ROLE ${quoteIdentifier(role)}`, ...statements, "RESET ROLE"];
}

function granteeSql(grantee: string | null): string {
  return grantee === null ? "PUBLIC" : quoteIdentifier(grantee);
}

function flag(value: boolean): string {
  return value ? "TRUE" : "FALSE";
}

/** What `pg_identify_object` calls a kind of object, in the words of ALTER. */
function ownedKeyword(type: string): string {
  if (type === "statistics object") return "STATISTICS";
  return type.replaceAll("-", " ").toUpperCase();
}

function stepSql(step: Step): readonly string[] {
  switch (step.kind) {
    case "create-role":
      return [
        `CREATE ROLE ${quoteIdentifier(step.role)} ${
          step.login ? "LOGIN" : "NOLOGIN"
        }`,
      ];
    case "allow-login":
      return [`ALTER ROLE ${quoteIdentifier(step.role)} LOGIN`];
    case "grant-membership":
      return [
        `GRANT ${quoteIdentifier(step.role)} TO ${
          quoteIdentifier(step.member)
        }${step.inherit ? " WITH INHERIT TRUE" : ""}`,
      ];
    case "revoke-membership":
      return [
        `REVOKE ${quoteIdentifier(step.role)} FROM ${
          quoteIdentifier(step.member)
        }${
          step.grantor === null
            ? ""
            : ` GRANTED BY ${quoteIdentifier(step.grantor)}`
        }${step.cascade ? " CASCADE" : ""}`,
      ];
    case "keep-membership":
      return [
        `GRANT ${quoteIdentifier(step.role)} TO ${
          quoteIdentifier(step.member)
        } WITH ADMIN ${flag(step.admin)}, INHERIT ${flag(step.inherit)}, SET ${
          flag(step.set)
        }${step.by === null ? "" : ` GRANTED BY ${quoteIdentifier(step.by)}`}`,
      ];
    case "grant-privileges":
      return targetsSql(step.on).map((target) =>
        `GRANT ${step.privileges.join(", ")} ON ${target} TO ${
          quoteIdentifier(step.grantee)
        }`
      );
    case "revoke-privileges":
      return asRole(
        step.as,
        targetsSql(step.on).map((target) =>
          `REVOKE ${step.privileges.join(", ")} ON ${target} FROM ${
            granteeSql(step.grantee)
          }${step.cascade ? " CASCADE" : ""}`
        ),
      );
    case "keep-privileges": {
      const { column } = step;
      const privileges = step.privileges.map((privilege) =>
        column === null
          ? privilege
          : `${privilege} (${quoteIdentifier(column)})`
      );
      return asRole(
        step.as,
        targetsSql(step.on).map((target) =>
          `GRANT ${privileges.join(", ")} ON ${target} TO ${
            granteeSql(step.grantee)
          }${step.grantOption ? " WITH GRANT OPTION" : ""}`
        ),
      );
    }
    case "grant-default-privileges":
    case "revoke-default-privileges": {
      const [verb, preposition] = step.kind === "grant-default-privileges"
        ? ["GRANT", "TO"]
        : ["REVOKE", "FROM"];
      return [
        `ALTER DEFAULT PRIVILEGES FOR ROLE ${quoteIdentifier(step.owner)}${
          step.schema === null
            ? ""
            : ` IN SCHEMA ${quoteIdentifier(step.schema)}`
        } ${verb} ${step.privileges.join(", ")} ON ${
          KEYWORDS[step.objects]
        }S ${preposition} ${granteeSql(step.grantee)}`,
      ];
    }
    case "reassign-owned": {
      const to = quoteIdentifier(step.to);
      return step.only === null
        ? [`REASSIGN OWNED BY ${quoteIdentifier(step.role)} TO ${to}`]
        : step.only.map(({ type, identity }) =>
          `ALTER ${ownedKeyword(type)} ${identity} OWNER TO ${to}`
        );
    }
    case "drop-user-mapping":
      return asRole(step.as, [
        `DROP USER MAPPING FOR ${quoteIdentifier(step.role)} SERVER ${
          quoteIdentifier(step.server)
        }`,
      ]);
    case "narrow-policy": {
      const { schema, table, name, to } = step;
      const policy = `POLICY ${quoteIdentifier(name)} ON ${
        quoteQualified(schema, table)
      }`;
      return [
        to.length === 0
          ? `DROP ${policy}`
          : `ALTER ${policy} TO ${to.map(quoteIdentifier).join(", ")}`,
      ];
    }
    case "drop-role":
      return [`DROP ROLE ${quoteIdentifier(step.role)}`];
  }
}

/**
 * What PostgreSQL 16 needs before it creates a role: the setting can make a creator an inheriting member of each new
 * role, and `rds_iam` on that role would then lock the creator out.
 */
function preparation(plan: Plan): readonly string[] {
  return plan.serverVersion >= MEMBERSHIP_OPTIONS_SINCE &&
      plan.steps.some(({ kind }) => kind === "create-role")
    ? ["SET LOCAL createrole_self_grant = ''"]
    : [];
}

/** The SQL of a plan, to be run in this order in one transaction. No steps: no statements. */
export function statementsOf(plan: Plan): readonly Statement[] {
  return [...preparation(plan), ...plan.steps.flatMap(stepSql)]
    .map((sql) => ({ sql }));
}

/** The SQL of a plan as a script that runs in `psql` or any other client: one transaction. Empty without steps. */
export function scriptOf(plan: Plan): string {
  const statements = statementsOf(plan);
  if (statements.length === 0) return "";
  return ["BEGIN", ...statements.map(({ sql }) => sql), "COMMIT"]
    .map((sql) => `${sql};\n`).join("");
}
