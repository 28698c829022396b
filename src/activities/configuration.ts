/** Changes of server.properties: check, act, read back (I4, I9). */
import type { Lease, NodeId } from '../domain/cluster/cluster';
import { editProperties } from '../domain/settings/server-properties';
import type { FileEdit } from '../domain/plan/upgrade-plan';
import { operationContext } from './activity-context';
import type { ActivityDependencies, ClusterAccess } from './cluster-access';
import { configDrift } from './config-drift';
import type { BackUpInput, EvidenceResult, PinProtocolInput } from './contract';
import { leaseOf, openPlanned } from './open-cluster';

type Edit = Pick<FileEdit, 'changes' | 'fromSha256' | 'toSha256'>;

/** Backs up every file that still has the planned content; a changed one stops the upgrade before anything is touched. */
export const backUpConfiguration = async (
  dependencies: ActivityDependencies,
  input: BackUpInput,
): Promise<EvidenceResult> => {
  const access = await openPlanned(dependencies, input);
  const lease = leaseOf(input.fence);
  const evidence = await Promise.all(
    input.nodes.map(async ({ nodeId, sha256 }) => {
      const host = access.host(nodeId);
      const record = await host.backUpProperties(lease, input.label, operationContext());
      if (record.sha256 !== sha256) throw configDrift(host.address, record.sha256, sha256);
      return `${host.address}: ${record.source} → ${record.path}, sha256 ${record.sha256.slice(0, 16)}…, read back`;
    }),
  );
  return { evidence };
};

/** The planned content of a file; rejects when the file is not the one that the plan was made from (I9). */
export const editedText = (
  file: { text: string; sha256: string },
  edit: Edit,
  { where, sha256 }: { where: string; sha256: (text: string) => string },
): string => {
  if (file.sha256 !== edit.fromSha256) throw configDrift(where, file.sha256, edit.fromSha256);
  const text = editProperties(file.text, edit.changes);
  if (sha256(text) !== edit.toSha256) throw configDrift(where, sha256(text), edit.toSha256);
  return text;
};

/** Brings one file to the planned content, and only from the planned content. */
const ensureEdit = async (
  access: ClusterAccess,
  nodeId: NodeId,
  input: { lease: Lease; edit: Edit; sha256: (text: string) => string },
): Promise<string> => {
  const host = access.host(nodeId);
  const { edit, lease } = input;
  const file = await host.readProperties(operationContext());
  if (file.sha256 === edit.toSha256) return `${host.address}: server.properties already as planned`;
  const text = editedText(file, edit, { where: host.address, sha256: input.sha256 });
  const result = await host.replaceProperties(lease, { text, expectedSha256: edit.fromSha256 }, operationContext());
  const settings = edit.changes
    .map(({ key, value }) => (value === null ? `${key} removed` : `${key}=${value}`))
    .join(', ');
  return `${host.address}: ${settings}; ${result.evidence}`;
};

/** Pins CURRENT in every file, in parallel: a file of a running broker is read at its next start only. */
export const pinProtocol = async (
  dependencies: ActivityDependencies,
  input: PinProtocolInput,
): Promise<EvidenceResult> => {
  const access = await openPlanned(dependencies, input);
  const lease = leaseOf(input.fence);
  const { propertiesSha256: sha256 } = dependencies;
  return {
    evidence: await Promise.all(
      input.nodes.map(({ nodeId, edit }) => ensureEdit(access, nodeId, { lease, edit, sha256 })),
    ),
  };
};
