import { compareLeases } from '../../src/domain/lease';
import type { FakeWorld, WorldEvent } from './fake-world';

const indexOf = (log: WorldEvent[], mark: string): number => {
  const index = log.findIndex(({ kind, detail }) => kind === 'mark' && detail === mark);
  return index < 0 ? Number.POSITIVE_INFINITY : index;
};

/** I1: whenever a stop was asked for, every other node was up and in sync. */
const stopsBesideTrouble = (log: WorldEvent[]): string[] =>
  log.flatMap(({ kind, nodeId, down }) => {
    const others = down.filter((id) => id !== nodeId);
    return kind === 'stop' && others.length > 0 ? [`I1: ${nodeId} was stopped while ${others.join()} was down`] : [];
  });

/** I2: the new protocol goes into a file, and starts, only while every node that runs is on the new binary. */
const earlyProtocol = (log: WorldEvent[]): string[] =>
  log.flatMap(({ kind, nodeId, detail, running }) => {
    const raises = (kind === 'file' && detail === '3.8') || (kind === 'start' && detail.endsWith('at 3.8'));
    const old = Object.entries(running).filter(([, version]) => version !== '3.8.1');
    return raises && old.length > 0 ? [`I2: ${kind} ${nodeId} at 3.8 while ${old.join()} ran`] : [];
  });

/** I2: no new binary ever starts without the pin. */
const unpinnedStarts = (log: WorldEvent[]): string[] =>
  log.flatMap(({ kind, nodeId, detail }) =>
    kind === 'start' && detail.includes('-IV') ? [`I2: ${nodeId} started unpinned: ${detail}`] : [],
  );

/** I3: nothing on any host before gate `plan`; no second restart before `canary`; no new protocol before `protocol`. */
const unapproved = (log: WorldEvent[]): string[] => {
  const [plan, canary, protocol] = ['plan', 'canary', 'protocol'].map((gate) => indexOf(log, `approved ${gate}`));
  const stopped = new Set<number | null>();
  return log.flatMap(({ kind, nodeId, detail }, index) => {
    const problems: string[] = [];
    if (kind !== 'mark' && index < (plan ?? 0)) problems.push(`I3: ${kind} ${nodeId} before the approval of the plan`);
    if (kind === 'stop') {
      stopped.add(nodeId);
      if (stopped.size > 1 && index < (canary ?? 0)) problems.push(`I3: ${nodeId} stopped before gate canary`);
    }
    const raises = (kind === 'file' && detail === '3.8') || (kind === 'start' && detail.endsWith('at 3.8'));
    if (raises && index < (protocol ?? 0)) problems.push(`I3: ${kind} ${nodeId} at 3.8 before gate protocol`);
    return problems;
  });
};

/** I5: the leases of all changes never go back, over all hosts; the changes of one step may share its number. */
const fallingLeases = (log: WorldEvent[]): string[] => {
  const leases = log.flatMap(({ lease }) => (lease === null ? [] : [lease]));
  return leases.flatMap((lease, index) => {
    const before = leases[index - 1];
    const falls = before?.runId === lease.runId && compareLeases(lease, before) < 0;
    return falls ? [`I5: lease ${lease.epoch}.${lease.step} after ${before.epoch}.${before.step}`] : [];
  });
};

/** Broken invariants over the log of a world; empty is what every test wants. */
export const violations = ({ log }: FakeWorld): string[] => [
  ...stopsBesideTrouble(log),
  ...earlyProtocol(log),
  ...unpinnedStarts(log),
  ...unapproved(log),
  ...fallingLeases(log),
];
