import { averageSeconds, demoResult, succeeded } from '../../src/demo/demo-result';
import type { DemoResult, DemoResultInput } from '../../src/demo/demo-result';
import { upgradeStatus } from '../../src/domain/upgrade/upgrade-status';
import { summaryView } from '../../src/demo/summary-view';
import { plain } from '../../src/render/style';
import { expectGolden } from '../support/golden';
import { midFirstRoll, sampleTiming, stateAfter } from '../support/upgrade-fixture';

const status = upgradeStatus(
  stateAfter(...midFirstRoll, {
    type: 'node',
    phase: 'binaries',
    nodeId: 1,
    progress: { state: 'done', detail: '', timing: { ...sampleTiming, overheadMs: 700, stopMs: 2_600 } },
  }),
);

const input: DemoResultInput = {
  asked: { from: '3.7.2', to: '3.8.1', mode: 'zookeeper' },
  look: {
    status,
    live: { activities: [], node: null },
    events: [],
    ending: { outcome: 'completed', message: 'All 3 brokers run 3.8.1 with protocol 3.8.', hint: '' },
  },
  upgradeSeconds: 61.4,
  ledger: {
    acknowledged: 36_512,
    consumed: 36_512,
    lost: 0,
    duplicated: 0,
    redelivered: 12,
    maxProduceGapMs: 412,
    producerErrors: [],
  },
  before: [1, 2, 3].map((id) => ({ id, version: '3.7.2', protocol: '3.7' })),
  after: [1, 2, 3].map((id) => ({ id, version: '3.8.1', protocol: '3.8' })),
  commands: [
    {
      command: 'kafka-topics.sh --bootstrap-server 127.77.0.1:9092 --describe --under-replicated-partitions',
      host: 'broker-1',
      exitCode: 0,
      output: '',
      remarks: '',
    },
    {
      command: 'kafka-broker-api-versions.sh --bootstrap-server 127.77.0.1:9092 | grep -c "id:"',
      host: 'broker-1',
      exitCode: 0,
      output: '3',
      remarks: '',
    },
  ],
};

const changed = (overrides: Partial<DemoResult>): DemoResult => ({ ...demoResult(input), ...overrides });

describe('averageSeconds', () => {
  it('averages over the brokers that were restarted, in seconds', () => {
    expect(averageSeconds(status, ({ overheadMs }) => overheadMs)).toEqual({ binaries: 0.6, protocol: null });
  });
});

describe('demoResult', () => {
  it('holds at least the documented fields', () => {
    expect(demoResult(input)).toMatchObject({
      outcome: 'completed',
      from: '3.7.2',
      to: '3.8.1',
      mode: 'zookeeper',
      workflowId: 'kafka-upgrade/orders-prod',
      records: { acknowledged: 36_512, consumed: 36_512, lost: 0, duplicated: 0, redelivered: 12 },
      maxProduceGapMs: 412,
      overheadSecondsPerBroker: { binaries: 0.6, protocol: null },
      floorSecondsPerBroker: { binaries: 5.3, protocol: null },
    });
    expect(demoResult(input).brokers[0]).toEqual({
      id: 1,
      version: '3.8.1',
      protocol: '3.8',
      before: { version: '3.7.2', protocol: '3.7' },
    });
  });
});

describe('succeeded', () => {
  it('wants completion, no lost record and the target on every broker', () => {
    expect(succeeded(demoResult(input))).toBe(true);
    expect(succeeded(changed({ outcome: 'aborted' }))).toBe(false);
    expect(succeeded(changed({ records: { ...input.ledger, lost: 1 } }))).toBe(false);
    expect(succeeded(changed({ brokers: [{ ...input.after[0], version: '3.7.2' } as DemoResult['brokers'][0]] }))).toBe(
      false,
    );
  });
});

describe('summaryView', () => {
  it('shows versions, the books, the time and the commands', () => {
    expectGolden('demo', 'summary.txt', summaryView(demoResult(input), plain));
  });
});
