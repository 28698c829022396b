import { blocker } from '../../../src/domain/checks/finding';
import { planDifferences } from '../../../src/domain/plan/plan-differences';
import type { NodeStep, PlannedNode, PlannedPhase, UpgradePlan } from '../../../src/domain/plan/upgrade-plan';
import { samplePlan } from '../../support/upgrade-fixture';

const approved = samplePlan();

/** The sample with the step of node 1 in this phase changed. */
const withStep = (phase: PlannedPhase, change: (step: NodeStep) => Partial<NodeStep>): Partial<UpgradePlan> => ({
  steps: {
    ...approved.steps,
    [phase]: approved.steps[phase].map((step) => (step.nodeId === 1 ? { ...step, ...change(step) } : step)),
  },
});

const withEdit = (phase: PlannedPhase, edit: Partial<NodeStep['edit']>): Partial<UpgradePlan> =>
  withStep(phase, (step) => ({ edit: { ...step.edit, ...edit } }));

const withNodes = (change: (node: PlannedNode) => PlannedNode[]): Partial<UpgradePlan> => ({
  nodes: approved.nodes.flatMap(change),
});

const raised: UpgradePlan['finalization'] = [
  {
    feature: 'metadata.version',
    from: 21,
    to: 27,
    fromName: '3.9-IV0',
    toName: '4.1-IV1',
    reversible: false,
    wayBack: '',
    gate: 'protocol',
    prepare: null,
  },
];

const full = { seen: 'The disk of host 2 is full.', why: '', action: '', source: '' };

describe('the approved plan', () => {
  it('holds when only what the hour brings is different', () => {
    const now = samplePlan({
      ...withNodes((node) => [{ ...node, leaders: node.leaders + 1 }]),
      canary: 3,
      findings: [],
    });
    expect(planDifferences(approved, now)).toEqual([]);
  });

  it.each<[string, Partial<UpgradePlan>, string]>([
    [
      'another definition',
      {
        definitionSha256: 'e'.repeat(64),
        definition: { settings: { cluster: 'orders-prod', 'policy.soakSeconds': '10' }, nodes: {} },
      },
      'the cluster definition changed: policy.soakSeconds: 30 → 10',
    ],
    ['another cluster', { clusterId: 'b' }, 'the id of the cluster was Zk1vTWcXQvKzPyRtdsGNsQ and is b'],
    [
      'a node more',
      withNodes((node) => [node, ...(node.nodeId === 3 ? [{ ...node, nodeId: 4 }] : [])]),
      'there are more nodes: 4',
    ],
    ['a node less', withNodes((node) => (node.nodeId === 3 ? [] : [node])), 'nodes are gone: 3'],
    [
      'a node less, with what was to be done to it: told once',
      {
        ...withNodes((node) => (node.nodeId === 1 ? [] : [node])),
        steps: {
          binaries: approved.steps.binaries.filter(({ nodeId }) => nodeId !== 1),
          protocol: approved.steps.protocol.filter(({ nodeId }) => nodeId !== 1),
        },
      },
      'nodes are gone: 1',
    ],
    [
      'another release',
      withNodes((node) => [node.nodeId === 2 ? { ...node, version: '3.8.1' } : node]),
      'the release of node 2 was 3.7.2 and is 3.8.1',
    ],
    ['another file', withEdit('binaries', { fromSha256: 'c'.repeat(64) }), 'server.properties of node 1 changed'],
    [
      'another edit',
      withEdit('protocol', { toSha256: 'c'.repeat(64) }),
      'what is done to node 1 (new protocol) changed',
    ],
    [
      'a node done by others',
      withStep('binaries', () => ({ needed: false })),
      'what is done to node 1 (new binaries) changed',
    ],
    [
      'another protocol',
      withStep('protocol', () => ({ protocol: '3.9' })),
      'what is done to node 1 (new protocol) changed',
    ],
    [
      'a feature',
      { finalization: raised },
      'what is raised at the end was nothing and is metadata.version 3.9-IV0 → 4.1-IV1',
    ],
    ['another level', { fromProtocol: '3.6' }, 'the level before was 3.7 and is 3.6'],
    ['more to accept', { mustAccept: ['audit-log', 'bills'] }, 'more has to be accepted by name: bills'],
    ['a blocker', { findings: [blocker('DiskFull', full)] }, 'there is a blocker now: The disk of host 2 is full.'],
  ])('%s', (_, overrides, expected) => {
    expect(planDifferences(approved, samplePlan(overrides))).toEqual([expected]);
  });

  it('holds when less has to be accepted', () => {
    expect(planDifferences(approved, samplePlan({ mustAccept: [] }))).toEqual([]);
  });

  it('tells a changed file once: the later edits follow from it', () => {
    const now = samplePlan({
      steps: {
        binaries: approved.steps.binaries.map((step) => ({
          ...step,
          edit: { ...step.edit, fromSha256: 'c', toSha256: 'd' },
        })),
        protocol: approved.steps.protocol.map((step) => ({
          ...step,
          edit: { ...step.edit, fromSha256: 'd', toSha256: 'e' },
        })),
      },
    });
    expect(planDifferences(approved, now)).toEqual([1, 2, 3].map((id) => `server.properties of node ${id} changed`));
  });
});
