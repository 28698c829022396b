import fc from 'fast-check';
import { chooseCanary, firstGroup, nextNode, orderRules, rollGroups } from '../../../src/domain/plan/roll-order';
import type { NextNode, RollOrderInput } from '../../../src/domain/plan/roll-order';

const roll = (nodes: number[], canary: number, options: { named?: boolean; controllers: (number | null)[] }) => {
  const order: { nodeId: number; controllerId: number | null; left: number; reason: string }[] = [];
  let remaining = nodes;
  for (let turn = 0; turn <= nodes.length; turn++) {
    const controllerId = options.controllers[turn % options.controllers.length] ?? null;
    const next = nextNode({
      remaining,
      groups: [{ name: 'brokers', nodes }],
      canary,
      canaryNamed: options.named ?? false,
      controllerId,
    });
    if (next === null) break;
    order.push({ ...next, controllerId, left: remaining.length });
    remaining = remaining.filter((nodeId) => nodeId !== next.nodeId);
  }
  return order;
};

const ids = (order: { nodeId: number }[]): number[] => order.map(({ nodeId }) => nodeId);

describe('the next node', () => {
  it('is the canary, then the lowest id, then the active controller', () => {
    expect(ids(roll([1, 2, 3, 4], 3, { controllers: [1] }))).toEqual([3, 2, 4, 1]);
  });

  it('is by id where the canary needs nothing, and where no controller is known', () => {
    expect(ids(roll([10, 9, 2], 5, { controllers: [null] }))).toEqual([2, 9, 10]);
  });

  it('is not the canary while it is the active controller, unless an operator named it', () => {
    expect(ids(roll([1, 2, 3], 2, { controllers: [2] }))).toEqual([1, 3, 2]);
    expect(ids(roll([1, 2, 3], 2, { controllers: [2], named: true }))).toEqual([2, 1, 3]);
  });

  it('follows the controller when it moves', () => {
    expect(ids(roll([1, 2, 3], 2, { controllers: [3, 1, 1] }))).toEqual([2, 3, 1]);
  });

  it('of one is that one', () => {
    expect(nextNode({ remaining: [7], groups: [{ name: 'brokers', nodes: [7] }], canary: 7, controllerId: 7 })).toEqual(
      {
        nodeId: 7,
        reason: 'the active controller goes last',
      },
    );
    expect(nextNode({ remaining: [], groups: [], canary: 7, controllerId: 7 })).toBeNull();
  });
});

const anyRoll = fc.uniqueArray(fc.nat(99), { minLength: 1, maxLength: 8 }).chain((nodes) =>
  fc.record({
    nodes: fc.constant(nodes),
    canary: fc.constantFrom(...nodes, 100),
    named: fc.boolean(),
    controllers: fc.array(fc.option(fc.constantFrom(...nodes, 100)), { minLength: 1, maxLength: 9 }),
  }),
);

describe('properties of the order', () => {
  it('P1: every node is chosen exactly once', () => {
    fc.assert(
      fc.property(anyRoll, ({ nodes, canary, ...options }) => {
        expect(ids(roll(nodes, canary, options)).sort()).toEqual([...nodes].sort());
      }),
    );
  });

  it('P2: the active controller of the moment is chosen only as the last, unless it is the named canary', () => {
    fc.assert(
      fc.property(anyRoll, ({ nodes, canary, ...options }) => {
        for (const { nodeId, controllerId, left } of roll(nodes, canary, options)) {
          if (nodeId !== controllerId) continue;
          expect(left === 1 || (options.named && nodeId === canary)).toBe(true);
        }
      }),
    );
  });

  it('P3: every choice has its reason', () => {
    fc.assert(
      fc.property(anyRoll, ({ nodes, canary, ...options }) => {
        for (const { reason } of roll(nodes, canary, options)) expect(reason).toMatch(/first|last|lowest/);
      }),
    );
  });
});

describe('the canary of the plan', () => {
  const node = (nodeId: number, leaders: number) => ({ nodeId, leaders });

  it('leads the fewest partitions; among equals the lowest id; the controller only when it is alone', () => {
    const brokers = [{ name: 'brokers', nodes: [1, 2, 3] }];
    expect(chooseCanary([node(1, 0), node(2, 5), node(3, 4)], brokers, 1)).toBe(3);
    expect(chooseCanary([node(3, 4), node(2, 4), node(1, 9)], brokers, null)).toBe(2);
    expect(chooseCanary([node(1, 0)], brokers, 1)).toBe(1);
  });
});

describe('the order on KRaft', () => {
  const nodes = [
    ...[1, 2, 3].map((nodeId) => ({ nodeId, roles: ['broker' as const] })),
    ...[101, 102, 103].map((nodeId) => ({ nodeId, roles: ['controller' as const] })),
  ];
  const walk = (direction: 'upgrade' | 'rollback', controllerId: number | null, down: number[] = []): number[] => {
    const groups = rollGroups('kraft', nodes, direction);
    const order: number[] = [];
    let remaining = nodes.map(({ nodeId }) => nodeId);
    while (remaining.length > 0) {
      const next = nextNode({ remaining, groups, canary: 102, controllerId, down });
      if (next === null) break;
      order.push(next.nodeId);
      remaining = remaining.filter((nodeId) => nodeId !== next.nodeId);
    }
    return order;
  };

  it('is controllers, the active one last of them, then brokers', () => {
    expect(walk('upgrade', 101)).toEqual([102, 103, 101, 1, 2, 3]);
  });

  it('is the way back in a rollback', () => {
    expect(walk('rollback', 101)).toEqual([1, 2, 3, 102, 103, 101]);
  });

  it('begins with what is down', () => {
    expect(walk('rollback', 101, [103])).toEqual([103, 1, 2, 3, 102, 101]);
  });

  it('P4: no broker goes before a controller, whoever leads', () => {
    fc.assert(
      fc.property(fc.constantFrom(null, 1, 2, 101, 102, 103), (controllerId) => {
        const order = walk('upgrade', controllerId);
        expect(new Set(order.slice(0, 3))).toEqual(new Set([101, 102, 103]));
        expect(order).toHaveLength(6);
      }),
    );
  });

  it('takes combined nodes for controllers', () => {
    const combined = [{ nodeId: 1, roles: ['broker' as const, 'controller' as const] }, ...nodes.slice(1, 3)];
    expect(rollGroups('kraft', combined, 'upgrade').map((group) => group.nodes)).toEqual([[1], [2, 3]]);
  });
});

describe('the reason of each choice', () => {
  const combined = [1, 2, 3, 4].map((nodeId) => ({
    nodeId,
    roles: nodeId === 4 ? (['broker'] as const) : (['broker', 'controller'] as const),
  }));

  it.each<[string, Partial<RollOrderInput>, NextNode | null]>([
    [
      'a node that is down, before anything else',
      { down: [3, 9] },
      { nodeId: 3, reason: 'it is down: nothing else may be stopped before it is back' },
    ],
    ['the canary', {}, { nodeId: 2, reason: 'the canary goes first; not the active controller' }],
    [
      'the canary that a person named, even as the active controller',
      { canaryNamed: true, controllerId: 2 },
      { nodeId: 2, reason: 'the canary goes first, as the request says' },
    ],
    [
      'the lowest id while the canary is the active controller',
      { controllerId: 2 },
      { nodeId: 1, reason: 'lowest id of the controllers left; the active controller (2) goes last' },
    ],
    [
      'the lowest id while nobody knows the active controller',
      { remaining: [3, 4], controllerId: null },
      { nodeId: 3, reason: 'lowest id of the controllers left; the active controller (unknown) goes last' },
    ],
    [
      'the active controller, last of its group',
      { remaining: [1, 4] },
      { nodeId: 1, reason: 'the active controller goes last' },
    ],
    [
      'brokers after all controllers; none of them is the active one',
      { remaining: [4] },
      { nodeId: 4, reason: 'lowest id of the brokers left' },
    ],
    ['nobody: all is done', { remaining: [] }, null],
    ['nobody: what is down needs nothing', { remaining: [], down: [1] }, null],
    ['nobody whom no group knows', { remaining: [9] }, null],
  ])('is recorded: %s', (_what, overrides, next) => {
    const groups = rollGroups('kraft', combined, 'upgrade');
    expect(nextNode({ remaining: [1, 2, 3, 4], groups, canary: 2, controllerId: 1, ...overrides })).toEqual(next);
  });
});

describe('the groups', () => {
  const nodes = [
    { nodeId: 3, roles: ['broker' as const] },
    { nodeId: 101, roles: ['controller' as const] },
    { nodeId: 1, roles: ['broker' as const, 'controller' as const] },
  ];

  it.each([
    ['zookeeper', 'upgrade', ['brokers: 3, 101, 1']],
    ['zookeeper', 'rollback', ['brokers: 3, 101, 1']],
    ['kraft', 'upgrade', ['controllers: 101, 1', 'brokers: 3']],
    ['kraft', 'rollback', ['brokers: 3', 'controllers: 101, 1']],
  ] as const)('in mode %s, %s', (mode, direction, expected) => {
    const groups = rollGroups(mode, nodes, direction);
    expect(groups.map((group) => `${group.name}: ${group.nodes.join(', ')}`)).toEqual(expected);
  });

  it('begin with the first that has nodes', () => {
    const combined = nodes.slice(2);
    expect(firstGroup(rollGroups('kraft', nodes, 'upgrade'))).toEqual({ name: 'controllers', nodes: [101, 1] });
    expect(firstGroup(rollGroups('kraft', combined, 'rollback'))).toEqual({ name: 'controllers', nodes: [1] });
  });

  it('have their rule in words', () => {
    expect(orderRules).toEqual({
      zookeeper: 'The canary first, then by id; the active controller, as measured before each restart, last.',
      kraft:
        'Controllers first (combined nodes are controllers), then brokers. Among controllers the canary first, then by id; the active controller, as measured before each restart, last of them.',
    });
  });
});

it('the canary that is chosen goes first, unless it is alone as the active controller', () => {
  const ids9 = fc.uniqueArray(fc.integer({ min: 1, max: 9 }), { minLength: 1 });
  fc.assert(
    fc.property(
      ids9,
      fc.array(fc.nat(3), { minLength: 9, maxLength: 9 }),
      fc.nat(10),
      (nodeIds, leaders, controllerId) => {
        const groups = [{ name: 'brokers', nodes: nodeIds }];
        const nodes = nodeIds.map((nodeId) => ({ nodeId, leaders: leaders[nodeId - 1] ?? 0 }));
        const canary = chooseCanary(nodes, groups, controllerId);
        expect(nextNode({ remaining: nodeIds, groups, canary, controllerId })?.nodeId).toBe(canary);
        expect(canary === controllerId && nodeIds.length > 1).toBe(false);
      },
    ),
  );
});
