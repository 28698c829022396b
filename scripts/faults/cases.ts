import { restartSteps } from '../../src/lab/faults/restart-watch';
import {
  allDeployedAnew,
  hostCutOff,
  oldBinaryByHand,
  onlyWorkerKilled,
  temporalOut,
  workerFrozen,
  workerKilled,
} from '../../test/e2e/support/faults/faults';
import type { Fault } from '../../test/e2e/support/faults/faults';
import type { Strike } from '../../test/e2e/support/faults/fault-run';
import type { LabMode } from '../../src/lab/lab';

/** One fault at every step of a restart, on one kind of cluster. */
export interface FaultCase {
  name: string;
  mode: LabMode;
  from: string;
  to: string;
  rollBack: boolean;
  strikes: Strike[];
}

const everyStep = (fault: Fault): Strike[] => restartSteps.map((step) => ({ step, fault }));

const longOutSeconds = 5 * 60;
const shortOutSeconds = 2 * 60;

const faults: readonly { fault: Fault; strikes: Strike[] }[] = [
  ...[
    temporalOut(longOutSeconds),
    workerKilled,
    onlyWorkerKilled,
    workerFrozen,
    allDeployedAnew,
    hostCutOff('drop', shortOutSeconds),
    hostCutOff('drop', null),
    hostCutOff('refuse', null),
  ].map((fault) => ({ fault, strikes: everyStep(fault) })),
  { fault: oldBinaryByHand, strikes: [{ step: 'stop-asked', fault: oldBinaryByHand }] },
];

/** Six restarts each, the first undisturbed: with ZooKeeper two rolls, on KRaft one and the way back. */
const clusters = [
  { mode: 'zookeeper', from: '3.7.2', to: '3.8.1', rollBack: false },
  { mode: 'kraft', from: '3.9.2', to: '4.3.0', rollBack: true },
] as const;

/** Every case, by mode. */
export const faultCases: readonly FaultCase[] = clusters.flatMap((cluster) =>
  faults.map(({ fault, strikes }) => ({ ...cluster, strikes, name: `${cluster.mode}: ${fault.name}` })),
);
