import { RdsiamError } from "../core/errors.ts";
import { mergeNamed } from "./formats/merge_named.ts";
import { isRecord, readOwnJson } from "./formats/own_json.ts";
import { formatPassfileLine } from "../core/passfile/line.ts";
import type {
  PureWriter,
  PureWriterFactory,
  WriterEntry,
} from "../core/writer/writer.ts";
import { readWriterOptions } from "./contract/writer_options.ts";

/** The options of the writer, with their defaults. */
export const defaults = {
  /** The Secret's name; `{name}` stands for the target's, as Kubernetes can take it. */
  name: "rdsiam-{name}",
  /** The Secret's namespace; default: the one that kubectl is set to. */
  namespace: "",
} as const;

/** A Secret as the file has it. */
interface Manifest {
  metadata: { name: string; annotations: Record<string, string> };
}

const TARGET = "rdsiam/target";
const EXPIRES_AT = "rdsiam/expires-at";

/** A Kubernetes Secret for each target, as the JSON that `kubectl apply --server-side -f` takes. */
const k8sSecret: PureWriterFactory = (given): PureWriter => {
  const options = readWriterOptions(given, defaults);

  function toManifest(entry: WriterEntry): Manifest {
    const { name, expiresAt } = entry;
    return {
      apiVersion: "v1",
      kind: "Secret",
      metadata: {
        name: options.name.replaceAll("{name}", toLabel(name)),
        ...(options.namespace !== "" && { namespace: options.namespace }),
        labels: { "app.kubernetes.io/managed-by": "rdsiam" },
        annotations: {
          [TARGET]: name,
          ...(expiresAt > 0 && {
            [EXPIRES_AT]: new Date(expiresAt).toISOString(),
          }),
        },
      },
      type: "Opaque",
      stringData: toData(entry),
    } as Manifest;
  }

  return {
    name: "k8s-secret",
    describe: {
      summary: "Kubernetes Secret of each target",
      clients: "kubectl apply --server-side -f",
      rereads: "connection",
      holdsSecrets: true,
    },
    defaultPath: () => undefined,
    render(entries, oldText) {
      const secrets = mergeNamed(
        read(oldText),
        entries.map(toManifest),
        targetOf,
      );
      checkNames(secrets);
      return { newText: format(secrets) };
    },
    remove(names, oldText) {
      return {
        newText: format(
          read(oldText).filter((secret) =>
            names !== undefined && !names.includes(targetOf(secret))
          ),
        ),
      };
    },
    list: (oldText) =>
      read(oldText).map((secret) => {
        const expiresAt = secret.metadata.annotations[EXPIRES_AT];
        return {
          name: targetOf(secret),
          expiresAt: expiresAt === undefined
            ? undefined
            : Date.parse(expiresAt),
        };
      }),
  };
};

export default k8sSecret;

/** What a pod logs in with. Paths of this machine mean nothing there. */
function toData(entry: WriterEntry): Record<string, string> {
  const { host, port, username, database, password } = entry;
  const login = { host, port, username, password };
  return {
    host,
    port: String(port),
    username,
    database,
    password: password.reveal(),
    ...(entry.engine === "postgres" && {
      pgpass: `${formatPassfileLine({ ...login, database: "*" })}\n`,
    }),
  };
}

function targetOf({ metadata }: Manifest): string {
  return metadata.annotations[TARGET] ?? "";
}

/** A name in the letters that a Kubernetes name may have (RFC 1123). */
function toLabel(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
}

function checkNames(secrets: readonly Manifest[]): void {
  const owners = new Map<string, string>();
  for (const secret of secrets) {
    const { name } = secret.metadata;
    if (name.length > 253 || !/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(name)) {
      throw new RdsiamError(
        "usage",
        `Name "${name}" is none that a Secret can have`,
        { hint: "Give small letters, digits and dashes with the option name" },
      );
    }
    const owner = owners.get(name);
    if (owner !== undefined) {
      throw new RdsiamError(
        "usage",
        `Secret "${name}" cannot be both that of "${owner}" and of "${
          targetOf(secret)
        }"`,
        { hint: "Put {name} into the option name" },
      );
    }
    owners.set(name, targetOf(secret));
  }
}

function read(text: string): Manifest[] {
  const value = readOwnJson(text, isOwn);
  if (value === undefined) return [];
  return "items" in value ? value.items : [value];
}

function format(secrets: readonly Manifest[]): string {
  const [first, second] = secrets;
  if (first === undefined) return "";
  const value = second === undefined
    ? first
    : { apiVersion: "v1", kind: "List", items: secrets };
  return `${JSON.stringify(value, null, 2)}\n`;
}

function isOwn(value: unknown): value is Manifest | { items: Manifest[] } {
  if (!isRecord(value)) return false;
  return value.kind === "List"
    ? Array.isArray(value.items) && value.items.every(isManifest)
    : isManifest(value);
}

function isManifest(value: unknown): value is Manifest {
  return isRecord(value) && value.kind === "Secret" &&
    isRecord(value.metadata) && typeof value.metadata.name === "string" &&
    isRecord(value.metadata.annotations) &&
    typeof value.metadata.annotations[TARGET] === "string";
}
