import type { NodeRole } from '../../../src/domain/cluster/cluster';
import { brokersOf, controllersOf, nodesWith } from '../../../src/domain/cluster/node-roles';
import { kraftSnapshot, snapshot } from '../../support/snapshot';

const mixed: { id: number; roles: NodeRole[] }[] = [
  { id: 101, roles: ['controller'] },
  { id: 3, roles: ['broker'] },
  { id: 1, roles: ['broker', 'controller'] },
];

describe('nodes by their role', () => {
  it.each<[NodeRole, number[]]>([
    ['broker', [3, 1]],
    ['controller', [101, 1]],
  ])('a combined node is a %s, too; the order stays', (role, ids) => {
    expect(nodesWith(role, mixed)).toEqual(ids);
  });

  it('are none of none', () => {
    expect(nodesWith('broker', [])).toEqual([]);
  });

  it.each([
    ['controllers of their own', { nodes: mixed }, [3, 1], [101, 1]],
    ['combined nodes', kraftSnapshot(), [1, 2, 3], [1, 2, 3]],
    ['ZooKeeper mode, which has no KRaft controllers', snapshot(), [1, 2, 3], []],
  ])('in a cluster with %s', (_what, cluster, brokers, controllers) => {
    expect([brokersOf(cluster), controllersOf(cluster)]).toEqual([brokers, controllers]);
  });
});
