/** The model's vocabulary, and what its hosts and ports may ask of it. */
import type {
  BrokerProcess,
  HostLease,
  HostLeases,
  Lease,
  MetadataView,
  NodeGauges,
  NodeId,
  NodeRole,
  QuorumView,
  RegisteredNodes,
} from '../../src/domain/cluster/cluster';

import type { RestartRecord } from '../../src/domain/restart/restart-record';

/** A running broker of the model: what it loaded when it started. */
export interface FakeProcess extends BrokerProcess {
  version: string;
  protocol: string;
  /** It was asked to stop and leaves the cluster. */
  stopping: boolean;
}

/** One node of the model: its host's files, its process, and how it behaves. */
export interface FakeNode {
  id: NodeId;
  roles: NodeRole[];
  properties: string;
  link: string;
  installed: string[];
  lease: HostLease | null;
  /** Leases of other definitions on the same host. */
  otherLeases: HostLeases['others'];
  process: FakeProcess | null;
  cleanMarker: boolean;
  /** How the broker reacts to SIGTERM. */
  onStop: 'exit' | 'exit-uncleanly' | 'hang';
  /** What the host has recorded of a restart. */
  record: RestartRecord | null;
  /** The start command works and has brought up no process. */
  starting: boolean;
  /**
   * The start of a broker with this version and protocol fails: `dies` leaves no process, `deaf` never listens; a command
   * that is `slow` works until a test ends it.
   */
  startFault: (version: string, protocol: string) => 'none' | 'dies' | 'deaf' | 'slow';
  /** Partitions that the node's own gauge calls under-replicated; null: the gauge cannot be read. */
  underReplicated: number | null;
}

export interface FakeTopic {
  name: string;
  replicas: NodeId[];
  minIsr: number;
}

/** One change of a host (or a mark that a test set), and who was down at that moment. */
export interface WorldEvent {
  kind: 'lease' | 'backup' | 'file' | 'link' | 'stop' | 'start' | 'feature' | 'mark';
  nodeId: NodeId | null;
  detail: string;
  lease: Lease | null;
  /** Nodes that were not running or not in sync right before. */
  down: NodeId[];
  /** Versions that ran right before, by node. */
  running: Record<NodeId, string>;
}

/** The model as its hosts and ports see it. */
export interface WorldModel {
  readonly topics: FakeTopic[];
  /** Nodes that run but do not answer. */
  readonly deaf: Set<NodeId>;
  readonly portCalls: string[];
  /** Topics that another than their preferred replica leads, until an election. */
  readonly ledBy: Map<string, NodeId>;
  /** What was written to topics, in order. */
  readonly records: string[];
  readonly probeExitCode: number;
  /** KRaft: finalized features. */
  readonly features: Record<string, number>;
  /** KRaft: what holds for all brokers without an own value. */
  readonly clusterDefaults: Record<string, string>;
  readonly registered: RegisteredNodes;
  /** KRaft: where the newest snapshot of every node ends; the model's log ends at 100. */
  newestSnapshot: number | null;
  /** KRaft: a level that the controller refuses, with its words. */
  refuseFeature: (feature: string, level: number) => string | null;
  quorum(askedNode: NodeId): QuorumView;
  node(nodeId: NodeId): FakeNode;
  isUp(nodeId: NodeId): boolean;
  view(nodeId: NodeId): MetadataView;
  sample(nodeId: NodeId): NodeGauges | null;
  nextPid(): number;
  /** Lets a hook see the call of a port, and fail it. */
  call(method: string, nodeId: NodeId): Promise<void>;
  note(kind: WorldEvent['kind'], nodeId: NodeId | null, detail: string, lease?: Lease | null): void;
}
