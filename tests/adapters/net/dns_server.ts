import { Buffer } from "node:buffer";
import { createSocket } from "node:dgram";
import { once } from "node:events";

/** What a name server says to a question; `undefined` stands for silence. */
export type DnsAnswer =
  | { alias: string }
  | { code: "NOERROR" | "SERVFAIL" | "NXDOMAIN" | "REFUSED" }
  | undefined;

/** A name server on loopback. */
export interface DnsServer extends AsyncDisposable {
  /** Where it listens. */
  nameServer: { ipAddr: string; port: number };
  /** The names that it was asked for, and the types of the records. */
  asked: { name: string; type: number }[];
}

const CODES = { NOERROR: 0, SERVFAIL: 2, NXDOMAIN: 3, REFUSED: 5 };
const CNAME = 5;

/** Starts a name server that speaks just enough of RFC 1035 to answer questions for aliases. */
export async function startDnsServer(
  answer: (name: string) => DnsAnswer,
): Promise<DnsServer> {
  const asked: DnsServer["asked"] = [];
  const socket = createSocket("udp4");
  socket.on("message", (message, from) => {
    const question = readQuestion(message);
    asked.push({ name: question.name, type: question.type });
    const said = answer(question.name);
    if (said === undefined) return;
    socket.send(reply(message, question.end, said), from.port, from.address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return {
    nameServer: { ipAddr: "127.0.0.1", port: socket.address().port },
    asked,
    async [Symbol.asyncDispose]() {
      socket.close();
      await once(socket, "close");
    },
  };
}

function readQuestion(message: Uint8Array) {
  const labels: string[] = [];
  let at = 12;
  for (let length = message[at]; length; length = message[at]) {
    labels.push(Buffer.from(message.slice(at + 1, at + 1 + length)).toString());
    at += 1 + length;
  }
  const type = (message[at + 1] ?? 0) * 256 + (message[at + 2] ?? 0);
  return { name: labels.join("."), type, end: at + 5 };
}

function reply(
  message: Uint8Array,
  end: number,
  said: NonNullable<DnsAnswer>,
): Uint8Array {
  const code = "alias" in said ? CODES.NOERROR : CODES[said.code];
  const records = "alias" in said ? [aliasRecord(said.alias)] : [];
  return Buffer.concat([
    message.slice(0, 2), // its number
    Uint8Array.of(0x81, 0x80 | code, 0, 1, 0, records.length, 0, 0, 0, 0),
    message.slice(12, end),
    ...records,
  ]);
}

/** A CNAME record of the name in the question, good for a minute. */
function aliasRecord(alias: string): Uint8Array {
  const labels = alias.split(".").map((label) =>
    Buffer.concat([Uint8Array.of(label.length), Buffer.from(label)])
  );
  const data = Buffer.concat([...labels, Uint8Array.of(0)]);
  return Buffer.concat([
    Uint8Array.of(0xc0, 12, 0, CNAME, 0, 1, 0, 0, 0, 60, 0, data.length),
    data,
  ]);
}
