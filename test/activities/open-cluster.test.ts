import { UpgradeError } from '../../src/domain/common/failure';
import { FakeWorld } from '../support/fake-world';
import { restartInput } from '../support/restart-input';
import { fence, reference, runActivity } from '../support/run-activity';

const edited = 'e'.repeat(64);

/** What is done to node 2 after its stop. */
const steps = {
  restartNode: (world: FakeWorld): Promise<unknown> => {
    const input = restartInput(world);
    world.node(2).process = null;
    return runActivity(world, 'restartNode', input);
  },
  awaitNodeHealthy: (world: FakeWorld): Promise<unknown> =>
    runActivity(world, 'awaitNodeHealthy', {
      ...reference,
      nodeId: 2,
      version: '3.7.2',
      protocol: null,
      restartedAtMs: 0,
    }),
};

const troubles: [string, (world: FakeWorld) => void][] = [
  [
    'was edited',
    (world) => {
      world.definitionSha256 = edited;
    },
  ],
  ...(['InvalidDefinition', 'UnknownCluster'] as const).map((type): [string, (world: FakeWorld) => void] => [
    `is ${type}`,
    (world) => {
      world.clusters.trouble = new UpgradeError(type, 'the file is half written');
    },
  ]),
];

describe.each(Object.entries(steps))('%s brings a node back', (_name, step) => {
  it.each(troubles)('by the definition of its plan, though that %s meanwhile', async (_, trouble) => {
    const world = new FakeWorld();
    world.clusters.warm.add(reference.definitionSha256);
    trouble(world);
    await expect(step(world)).resolves.toBeDefined();
  });

  it.each(troubles)('and tries again where the definition %s and no connection is warm', async (_, trouble) => {
    const world = new FakeWorld();
    trouble(world);
    await expect(step(world)).rejects.toMatchObject({
      type: 'DefinitionMissing',
      nonRetryable: false,
      message: expect.stringMatching(
        /^A node is to be brought back, but .* the plan was made from: (The definition of|the file is half written)/,
      ),
    });
    expect(world.log).toEqual([]);
  });
});

it('passes on what is no trouble with the definition', async () => {
  const world = new FakeWorld();
  world.clusters.trouble = new UpgradeError('SshUnreachable', 'no route');
  await expect(steps.restartNode(world)).rejects.toMatchObject({ type: 'SshUnreachable' });
});

it('does not let a step that stops nothing yet go on by a definition that was edited', async () => {
  const world = new FakeWorld();
  world.clusters.warm.add(reference.definitionSha256);
  world.definitionSha256 = edited;
  await expect(runActivity(world, 'raiseLeases', { ...reference, fence: fence(), held: true })).rejects.toMatchObject({
    type: 'PlanHashMismatch',
    nonRetryable: true,
  });
});

describe('a definition that is not the one of the plan', () => {
  const compare = (world: FakeWorld, changed: Record<string, string>): Promise<unknown> => {
    const definition = world.settings;
    world.definition.written = { ...world.definition.written, ...changed };
    return runActivity(world, 'compareDefinition', { ...reference, definition });
  };

  it('is told by what differs on which worker', async () => {
    const world = new FakeWorld();
    world.definitionSha256 = edited;
    await expect(compare(world, { 'policy.soakSeconds': '10' })).resolves.toEqual({
      words: expect.stringMatching(
        /^What the plan was made from → what worker \d+@\S+ reads: policy\.soakSeconds: not written → 10\.$/,
      ),
    });
  });

  it("is another worker's, where this one has the right one", async () => {
    await expect(compare(new FakeWorld(), {})).resolves.toEqual({
      words: expect.stringMatching(/^Worker \d+@\S+ reads the definition of the plan: the workers do not all read/),
    });
  });
});

it('goes by the policy of the plan, whatever the definition makes of it here', async () => {
  // A gate that wrote to this topic would stay closed: there is no such topic.
  const world = new FakeWorld({ policy: { endToEndTopic: 'default-of-this-version', soakMs: 3_600_000 } });
  const judged = jest.spyOn(world.lag, 'assess');
  const { policy: here } = world.definition;
  const consumerLag = { ...here.consumerLag, stalledAfterMs: 4_711 };
  const policy = { ...here, endToEndTopic: null, soakMs: 0, consumerLag };
  const input = { ...reference, policy, nodeId: 2, version: '3.7.2', protocol: null, restartedAtMs: 0 };
  const { verdict } = await runActivity(world, 'awaitNodeHealthy', input);
  expect(verdict.status).toBe('successful');
  expect(judged).toHaveBeenCalledWith(expect.anything(), consumerLag);
});
