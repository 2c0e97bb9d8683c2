import { read } from "../run.ts";

/** When what is released was made: `SOURCE_DATE_EPOCH` (reproducible-builds.org), else the time of the commit. */
export async function commitTime(): Promise<Date> {
  const seconds = Deno.env.get("SOURCE_DATE_EPOCH") ??
    await read("git", "log", "-1", "--format=%ct");
  if (!/^\d+$/.test(seconds)) {
    throw new Error(`SOURCE_DATE_EPOCH "${seconds}" is not valid`);
  }
  return new Date(Number(seconds) * 1000);
}
