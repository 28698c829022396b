import { compareLeases } from '../../src/domain/cluster/lease';
import type { FakeWorld } from './fake-world';
import type { WorldEvent } from './world-model';

const indexOf = (log: WorldEvent[], mark: string): number => {
  const index = log.findIndex(({ kind, detail }) => kind === 'mark' && detail === mark);
  return index < 0 ? Number.POSITIVE_INFINITY : index;
};

const raisesProtocol = ({ kind, detail }: WorldEvent): boolean =>
  (kind === 'file' && detail === '3.8') || (kind === 'start' && detail.endsWith('at 3.8'));

/** I1: whenever a stop was asked for, every other node was up and in sync. */
const stopsBesideTrouble = (log: WorldEvent[]): string[] =>
  log.flatMap(({ kind, nodeId, down }) => {
    const others = down.filter((id) => id !== nodeId);
    return kind === 'stop' && others.length > 0 ? [`I1: ${nodeId} was stopped while ${others.join()} was down`] : [];
  });

/** I2: the new protocol goes into a file, and starts, only while every node that runs is on the new binary. */
const earlyProtocol = (log: WorldEvent[]): string[] =>
  log.flatMap((event) => {
    const { kind, nodeId, running } = event;
    const old = Object.entries(running).filter(([, version]) => version !== '3.8.1');
    return raisesProtocol(event) && old.length > 0 ? [`I2: ${kind} ${nodeId} at 3.8 while ${old.join()} ran`] : [];
  });

/** I2: no feature is raised before every node runs one and the same binary. */
const earlyFeatures = (log: WorldEvent[]): string[] =>
  log.flatMap(({ kind, detail, running }) =>
    kind === 'feature' && new Set(Object.values(running)).size > 1
      ? [`I2: ${detail} while ${Object.values(running).join()} ran`]
      : [],
  );

/** I2: no new binary ever starts without the pin. */
const unpinnedStarts = (log: WorldEvent[]): string[] =>
  log.flatMap(({ kind, nodeId, detail }) =>
    kind === 'start' && detail.includes('-IV') ? [`I2: ${nodeId} started unpinned: ${detail}`] : [],
  );

/** Events of this kind that came before the mark of an approval. */
const before = (log: WorldEvent[], gate: string, matches: (event: WorldEvent) => boolean): string[] =>
  log
    .slice(0, indexOf(log, `approved ${gate}`))
    .filter(matches)
    .map(({ kind, nodeId }) => `I3: ${kind} ${nodeId} before gate ${gate}`);

/** I3: nothing on any host before gate `plan`; no second broker before `canary`; no new protocol before `protocol`. */
const unapproved = (log: WorldEvent[]): string[] => {
  const canary = log.find(({ kind }) => kind === 'stop')?.nodeId;
  return [
    ...before(log, 'plan', ({ kind }) => kind !== 'mark'),
    ...before(log, 'canary', ({ kind, nodeId }) => kind === 'stop' && nodeId !== canary),
    ...before(log, 'protocol', raisesProtocol),
    ...before(log, 'protocol', ({ kind }) => kind === 'feature'),
  ];
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
  ...earlyFeatures(log),
  ...unpinnedStarts(log),
  ...unapproved(log),
  ...fallingLeases(log),
];
