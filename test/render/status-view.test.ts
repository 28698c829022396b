import type { LiveDetails } from '../../src/client/live-details';
import type { UpgradeEnding } from '../../src/client/ending';
import type { UpgradeEvent, UpgradeState } from '../../src/domain/upgrade/upgrade-state';
import { upgradeStatus } from '../../src/domain/upgrade/upgrade-status';
import { statusView } from '../../src/render/status-view';
import { plain, styleOf, visibleWidth } from '../../src/render/style';
import { expectGolden } from '../support/golden';
import {
  eventsOf,
  item,
  midFirstRoll,
  planMade,
  samplePlan,
  startedAtMs,
  stateAfter,
} from '../support/upgrade-fixture';

const idle: LiveDetails = { activities: [], node: null };

const view = (
  state: UpgradeState,
  {
    live = idle,
    ending = null,
    style = plain,
    events = [],
    width = 100,
    compact = false,
  }: {
    live?: LiveDetails;
    ending?: UpgradeEnding | null;
    style?: typeof plain;
    events?: UpgradeEvent[];
    width?: number;
    compact?: boolean;
  } = {},
): string =>
  statusView(
    {
      status: upgradeStatus(state),
      live,
      ending,
      events,
      compact,
      nowMs: startedAtMs + 252_000,
      commands: { program: 'kafka-upgrade', address: null, namespace: null },
      webPage: 'http://127.0.0.1:8233/namespaces/default/workflows/kafka-upgrade%2Forders-prod',
    },
    { style, width },
  );

const rolling: LiveDetails = {
  activities: [
    {
      name: 'awaitHealthy',
      attempt: 1,
      message: 'waiting for replicas',
      verdict: {
        status: 'failed',
        message: '2 of 36 partitions under-replicated',
        checks: [
          { name: 'under-replicated', status: 'failed', message: '2 of 36 partitions: orders-3, orders-7' },
          { name: 'offline', status: 'successful', message: '0 partitions' },
        ],
      },
      step: null,
      lastFailure: null,
    },
  ],
  node: { nodeId: 1, phase: 'binaries', step: 'catching-up', sinceMs: startedAtMs + 248_900, evidence: [] },
};

describe('a step that is tried again', () => {
  const failure = `kafka@10.0.0.1:22 refused stopping the broker: sudo: a password is required. ${'Long words. '.repeat(20)}Correct sudoers.`;
  const retried = (lastFailure: string | null, message: string | null = 'stopping broker 1'): string =>
    view(stateAfter(...midFirstRoll), {
      live: {
        activities: [{ name: 'stopNode', attempt: 25, message, verdict: null, step: null, lastFailure }],
        node: null,
      },
    });

  it('shows what it does now and the last failure whole, to its last word', () => {
    const shown = retried(failure);
    expect(shown).toContain(
      '  stopNode: stopping broker 1\n    attempt 25; the last one failed: kafka@10.0.0.1:22 refused',
    );
    expect(shown.replace(/\s+/g, ' ')).toContain(failure);
    expect(shown.split('\n').every((line) => line.length <= 100)).toBe(true);
  });

  it('shows the failure of a step that has said nothing yet, and the attempt of one whose failure is not known', () => {
    expect(retried('no route', null)).toContain('  stopNode\n    attempt 25; the last one failed: no route\n');
    expect(retried(null)).toContain('  stopNode: stopping broker 1\n    attempt 25\n');
  });
});

describe('statusView', () => {
  it('shows the planning of an upgrade that has just begun', () => {
    expectGolden('render', 'status-planning.txt', view(stateAfter()));
  });

  it('shows the approval of the plan with three ways to give it', () => {
    const state = stateAfter(planMade(), item(1, 'waiting', '1 to accept, 1 note'), {
      type: 'gate-opened',
      gate: 'plan',
    });
    expectGolden('render', 'status-plan-approval.txt', view(state));
  });

  it('shows the step and the gate figures of the broker that is being restarted', () => {
    const screen = view(stateAfter(...midFirstRoll), { live: rolling, events: eventsOf(...midFirstRoll) });
    expectGolden('render', 'status-rolling.txt', screen);
  });

  it('leaves out in a narrow window what is missed least, and cuts no command', () => {
    const screen = view(stateAfter(...midFirstRoll), { live: rolling, events: eventsOf(...midFirstRoll), width: 60 });
    expectGolden('render', 'status-rolling-narrow.txt', screen);
    const lines = screen.split('\n').filter((line) => !line.startsWith('web UI'));
    expect(lines.filter((line) => line.length > 60)).toEqual([]);
  });

  it('shows in a low window the node that is restarted, and how many there are beside it', () => {
    const nodes = [0, 3, 6].flatMap((more) =>
      samplePlan().nodes.map((node) => ({ ...node, nodeId: node.nodeId + more })),
    );
    const events = [planMade(samplePlan({ nodes })), ...midFirstRoll.slice(1)];
    const lines = view(stateAfter(...events), { compact: true, events: eventsOf(...events) }).split('\n');
    expect(lines.filter((line) => line.includes('kafka@'))).toHaveLength(1);
    expect(lines).toContain('  and 8 more');
    expect(lines).not.toContain('  last events (UTC)');
  });

  it('says that the protocol gate cannot be undone', () => {
    const state = stateAfter(...midFirstRoll, { type: 'gate-opened', gate: 'protocol' });
    expectGolden('render', 'status-protocol-approval.txt', view(state));
  });

  it('shows a parked upgrade with the trouble and the choices', () => {
    const state = stateAfter(...midFirstRoll, {
      type: 'parked',
      trouble: {
        type: 'StartFailed',
        message: 'Broker 1 on kafka@10.0.0.1:22 did not start: its log ends with "Address already in use".',
        hint: 'Read the tail of the broker log; repair; then send `retry`.',
        nodeId: 1,
        phase: 'binaries',
        nodeIsDown: true,
      },
    });
    expectGolden('render', 'status-parked.txt', view(state));
  });

  it('shows an upgrade that ended with an error before its first change', () => {
    const ending: UpgradeEnding = {
      outcome: 'failed',
      message: 'The release 3.8.1 is not on kafka@10.0.0.2:22: /opt/releases/kafka_2.13-3.8.1 does not exist.',
      hint: 'Install the release that the message names on that host, where `paths.releases` of the definition says; then send `retry`, or start again.',
    };
    expectGolden('render', 'status-failed.txt', view(stateAfter(), { ending }));
  });

  it('keeps within 100 columns, but for what is to be pasted', () => {
    const lines = view(stateAfter(...midFirstRoll), { live: rolling }).split('\n');
    expect(lines.filter((line) => line.length > 100)).toEqual([]);
  });

  it('says the same with colours', () => {
    const state = stateAfter(...midFirstRoll);
    const coloured = view(state, { style: styleOf(true) });
    expect(coloured).toContain('\u001b[');
    const widths = (text: string): number[] => text.split('\n').map(visibleWidth);
    expect(widths(coloured)).toEqual(widths(view(state)));
  });
});
