import { createHash } from 'node:crypto';
import { defaultPayloadConverter } from '@temporalio/common';
import type { Payload } from '@temporalio/common';
import { decode, encode } from '@temporalio/common/lib/encoding';
import { payloadCodecs } from '../../src/client/payload-codec';
import { makePlan } from '../../src/domain/plan/make-plan';
import { initialState, reduce } from '../../src/domain/upgrade/upgrade-state';
import type { UpgradeState } from '../../src/domain/upgrade/upgrade-state';
import { upgradeStatus } from '../../src/domain/upgrade/upgrade-status';
import { payloadConverter } from '../../src/workflows/payload-converter';
import { readable } from '../../src/workflows/readable';
import { hostFacts, request, runningBroker, snapshot } from '../support/snapshot';
import { sampleTiming, startedAtMs } from '../support/upgrade-fixture';

const [codec] = payloadCodecs;

const sent = async (payload: Payload): Promise<Payload> => (await codec?.encode([payload]))?.[0] ?? {};
const received = async (payload: Payload): Promise<Payload> => (await codec?.decode([payload]))?.[0] ?? {};

const sizeOf = ({ data }: Payload): number => data?.length ?? 0;

const large = { text: 'a line of a log that repeats itself\n'.repeat(10_000) };

/** A plan as large as that of a real cluster: each file has its own id, so each has its own sums. */
const plan = makePlan(
  (() => {
    const ids = Array.from({ length: 1_000 }, (_, index) => index + 1);
    const properties = (id: number): string =>
      `broker.id=${id}\nzookeeper.connect=zk-1.example.com:2181,zk-2.example.com:2181/kafka\nlog.dirs=/data/a,/data/b\nmin.insync.replicas=2\n`;
    return snapshot({
      nodes: ids.map((id) => ({
        id,
        roles: ['broker'],
        address: `kafka@broker-${id}.kafka.example.com:22`,
        kafka: `broker-${id}.kafka.example.com:9092`,
      })),
      hosts: ids.map((id) => hostFacts(id, { properties: properties(id) })),
      running: Object.fromEntries(ids.map((id) => [id, runningBroker()])),
    });
  })(),
  request,
  (text) => createHash('sha256').update(text).digest('hex'),
);

const fullState = (): UpgradeState => {
  const { requester, ticket } = request;
  const begun = initialState({ cluster: 'large', target: '3.8.1', request: { requester, ticket }, startedAtMs });
  let state = reduce(begun, { atMs: startedAtMs, type: 'plan-made', plan, planHash: 'f'.repeat(64) });
  for (const phase of ['binaries', 'protocol'] as const)
    for (const { nodeId } of plan.nodes) {
      const timing = { ...sampleTiming, totalMs: 30_000 + ((nodeId * 7_919) % 9_000) };
      const progress = { state: 'done' as const, detail: `${timing.totalMs / 1_000} s`, timing };
      state = reduce(state, { atMs: startedAtMs, type: 'node', phase, nodeId, progress });
    }
  return state;
};

describe('payloads', () => {
  it('that are small are left as they are', async () => {
    const payload = defaultPayloadConverter.toPayload({ by: 'kim' });
    expect(await sent(payload)).toEqual(payload);
    expect(await received(payload)).toEqual(payload);
  });

  it('that are large are made small, and read as they were', async () => {
    const payload = defaultPayloadConverter.toPayload(large);
    const small = await sent(payload);
    expect(sizeOf(small)).toBeLessThan(sizeOf(payload) / 100);
    expect(payloadConverter.fromPayload(await received(small))).toEqual(large);
  });

  it('that people read are left readable, up to half of what Temporal takes', async () => {
    const answer = payloadConverter.toPayload(readable({ ...large }));
    expect(decode((await sent(answer)).data ?? new Uint8Array())).toContain('a line of a log');
    const larger = payloadConverter.toPayload(readable({ text: large.text.repeat(4) }));
    expect(sizeOf(await sent(larger))).toBeLessThan(sizeOf(larger) / 100);
  });

  it('that people read are handed out without a mark, which would make the temporal CLI print base64', async () => {
    const answer = { phase: 'waiting' };
    expect(await sent(payloadConverter.toPayload(readable({ ...answer })))).toEqual(
      defaultPayloadConverter.toPayload(answer),
    );
  });

  it('that only look like ours are handed on: an error would fail the workflow task again and again', async () => {
    const metadata = { encoding: encode('binary/brotli'), 'encoding-inside': encode('json/plain') };
    const odd = { metadata, data: encode('not compressed at all') };
    expect(await received(odd)).toEqual(odd);
    expect(payloadConverter.fromPayload(await received(odd))).toBe('not compressed at all');
  });

  it('of 1,000 brokers stay under the 256 KiB of which Temporal warns: the plan, and the state between two runs', async () => {
    const state = fullState();
    const [planSize, stateSize] = await Promise.all(
      [plan, state].map(async (value) => sizeOf(await sent(defaultPayloadConverter.toPayload(value)))),
    );
    expect(sizeOf(defaultPayloadConverter.toPayload(plan))).toBeGreaterThan(1024 * 1024);
    expect(planSize).toBeLessThan(256 * 1024);
    expect(stateSize).toBeLessThan(256 * 1024);
  });
});

/** Sources that count their branches for the coverage take several times as long; `npm run bench:histories` has the real figure. */
const instrumented = 5;

it('the status of 1,000 brokers takes less than 50 ms of CPU', () => {
  const state = fullState();
  const times = Array.from({ length: 20 }, () => {
    const before = process.cpuUsage();
    payloadConverter.toPayload(readable(upgradeStatus(state)));
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  });
  expect(Math.min(...times)).toBeLessThan(50 * instrumented);
});
