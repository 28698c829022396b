/**
 * What does the restart of a node do next? Decided from what the host shows alone, so that it does not matter which attempt
 * came so far, and what became of it (I4).
 *
 *   1. A process that a start of this product brought up, with release and file as planned: wait until it listens.
 *   2. The process that was asked to stop: wait for its end.
 *   3. Any other process: somebody started the node, or nobody has stopped it yet. The gate is measured (I1).
 *   4. No process, and the start command still works: wait for it, whoever gave it.
 *   5. No process: the node is brought up.
 */
import type { BrokerProcess } from '../cluster/cluster';
import { sameProcess } from './restart-record';
import type { Launch, LaunchAim, RestartRecord } from './restart-record';

/** What one look at the host shows of a restart. */
export interface RestartLook {
  process: BrokerProcess | null;
  /** The start command was given and has not ended. */
  starting: boolean;
  record: RestartRecord | null;
  /** The release behind the link; null when there is none. */
  version: string | null;
  /** SHA-256 of server.properties. */
  sha256: string;
}

/** What the node has to become. */
export interface RestartGoal {
  id: string;
  version: string;
  sha256: string;
}

export type RestartMove =
  | { kind: 'gate'; process: BrokerProcess }
  | { kind: 'await-exit'; process: BrokerProcess }
  | { kind: 'bring-up' }
  | { kind: 'await-start' }
  | { kind: 'await-listening'; process: BrokerProcess; aim: LaunchAim };

/**
 * The start of this product that brought up this process for what is wanted now; undefined without one. That of an earlier
 * try counts where its process was seen, and release and file are those of the plan: it only has to listen. One that put the
 * old release back counts for its own restart only.
 */
const launchOf = ({ process, record, version, sha256 }: RestartLook, goal: RestartGoal): Launch | undefined => {
  const launch = record?.launches.at(-1);
  if (launch === undefined || record === null) return undefined;
  if (record.id === goal.id) {
    // A start whose process was not there yet when it was recorded: this one is it.
    return launch.started === null || sameProcess(process, launch.started) ? launch : undefined;
  }
  const isPlanned = launch.version === goal.version && version === goal.version && sha256 === goal.sha256;
  return isPlanned && sameProcess(process, launch.started) ? launch : undefined;
};

/** The next move of a restart; see the rules above. */
export const nextMove = (look: RestartLook, goal: RestartGoal): RestartMove => {
  const { process, record, starting } = look;
  if (process === null) return starting ? { kind: 'await-start' } : { kind: 'bring-up' };
  const launch = launchOf(look, goal);
  if (launch !== undefined) return { kind: 'await-listening', process, aim: launch.aim };
  return sameProcess(process, record?.asked ?? null) ? { kind: 'await-exit', process } : { kind: 'gate', process };
};
