import type { RestartNodeInput } from '../../src/activities/contract';
import { UpgradeError } from '../../src/domain/common/failure';
import type { FailureType } from '../../src/domain/common/failure';
import type { BrokerProcess } from '../../src/domain/cluster/cluster';
import type { RestartRecord } from '../../src/domain/restart/restart-record';
import { editProperties } from '../../src/domain/settings/server-properties';
import { propertiesSha256 } from '../../src/hosts/properties-bytes';
import type { FakeNode } from './world-model';
import type { FakeWorld } from './fake-world';
import { fence, reference } from './run-activity';

const key = 'inter.broker.protocol.version';

/** The edit that pins node 2 of the model to this protocol. */
const pinOf = (world: FakeWorld, protocol = '3.7'): RestartNodeInput['edit'] => {
  const { properties } = world.node(2);
  const changes = [{ key, value: protocol }];
  const toSha256 = propertiesSha256(editProperties(properties, changes));
  return { changes, fromSha256: propertiesSha256(properties), toSha256 };
};

/** The restart of node 2 from 3.7.2 to 3.8.1 in phase `binaries`; made before a test changes the model's file. */
export const restartInput = (world: FakeWorld, overrides: Partial<RestartNodeInput> = {}): RestartNodeInput => ({
  ...reference,
  fence: fence(),
  nodeId: 2,
  roles: ['broker'],
  restart: 'run-1/1.20',
  finishing: false,
  maybeSick: false,
  accepted: [],
  logDirectories: ['/var/lib/kafka'],
  edit: pinOf(world),
  fromVersion: '3.7.2',
  toVersion: '3.8.1',
  mayPutBack: true,
  policy: world.definition.policy,
  ...overrides,
});

/** The same in phase `protocol`: only the file changes, and the old release cannot be put back. */
export const protocolInput = (world: FakeWorld, overrides: Partial<RestartNodeInput> = {}): RestartNodeInput =>
  restartInput(world, { edit: pinOf(world, '3.8'), fromVersion: '3.8.1', mayPutBack: false, ...overrides });

/** A world whose nodes run 3.8.1 already: before phase `protocol`. */
export const onNewRelease = (world: FakeWorld): FakeWorld => {
  for (const node of world.nodes.values()) {
    node.link = '3.8.1';
    if (node.process !== null) node.process.version = '3.8.1';
  }
  return world;
};

/** What the host has recorded of this restart. */
export const recordOf = (record: Partial<RestartRecord> = {}): RestartRecord => ({
  id: 'run-1/1.20',
  asked: { pid: 102, startTicks: 1 },
  exited: null,
  cause: null,
  launches: [],
  ...record,
});

/** The process of a node, as the ports show it. */
export const processOf = ({ process }: FakeNode): BrokerProcess => {
  if (process === null) throw new Error('no process runs');
  return { pid: process.pid, startTicks: process.startTicks };
};

/** Somebody starts the node by hand, with what its link and file say. */
export const startByHand = (world: FakeWorld, protocol = '3.7-IV4'): void => {
  const node = world.node(2);
  node.process = { pid: world.nextPid(), startTicks: 7, version: node.link, protocol, stopping: false };
};

/** Changes of a restart, in their order. */
export const changesOf = (world: FakeWorld): string[] => world.changes('stop', 'file', 'link', 'start');

/** How often a port was called, as `method node`. */
export const callsOf = (world: FakeWorld, call: string): number =>
  world.portCalls.filter((seen) => seen === call).length;

/** What bringing node 2 up changes, and the whole restart. */
export const broughtUp = ['file 2: 3.7', 'link 2: 3.8.1', 'start 2: 3.8.1 at 3.7'];
export const restarted = ['stop 2: 3.7.2', ...broughtUp];

/** Fails the first calls of a port of node 2, or all of them. */
export const failTimes = (world: FakeWorld, method: string, error: { type: FailureType; times?: number }): void => {
  let left = error.times ?? Number.POSITIVE_INFINITY;
  world.portHooks.set(method, (nodeId) => {
    if (nodeId === 2 && left-- > 0) throw new UpgradeError(error.type, `${error.type} of ${method}`);
  });
};

/** Node 2 was asked by the attempt before, and is gone. */
export const gone = (world: FakeWorld, record = recordOf()): FakeWorld => {
  Object.assign(world.node(2), { process: null, cleanMarker: true, record });
  return world;
};
