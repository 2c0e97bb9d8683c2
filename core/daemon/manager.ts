import type { DaemonDefinition } from "./definition.ts";

/** A program and its arguments. */
export type DaemonCommand = readonly [string, ...string[]];

/** What a service manager said when it was asked for a service. */
export interface ManagerAnswer {
  code: number;
  stdout: string;
}

/** How a service does. */
export interface DaemonState {
  /** Whether it starts by itself. */
  isEnabled: boolean;
  isRunning: boolean;
  /** The manager's own word for it. */
  detail: string;
}

/** How one system's service manager is driven: values alone, which are shown or carried out elsewhere. */
export interface DaemonManager {
  /** What it is called. */
  name: string;
  /** Where the service's file is. */
  path: string;
  /** Whether a service gets the environment of its definition. */
  hasEnvironment: boolean;
  /** Makes the service's file. */
  format(definition: DaemonDefinition): string;
  /** Folders that it must find there. */
  folders: readonly string[];
  /** Stops one that runs, before it is started anew or removed; a failure means that none runs. */
  end: readonly DaemonCommand[];
  /** Starts it, now and at each login. */
  start: readonly DaemonCommand[];
  /** Takes it out, so that it does not start again. */
  remove: readonly DaemonCommand[];
  /** To be done once its file is gone. */
  afterRemoval: readonly DaemonCommand[];
  /** Asks how it does. */
  status: DaemonCommand;
  /** Reads what it says. */
  readStatus(answer: ManagerAnswer): DaemonState;
  /** What the user should know once it runs. */
  advice?: string;
}
