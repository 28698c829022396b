import { noticeOf } from '../../src/domain/notices/notice';
import type { Notice } from '../../src/domain/notices/notice';
import { reduce } from '../../src/domain/upgrade/upgrade-state';
import type { UpgradeEventBody } from '../../src/domain/upgrade/upgrade-state';
import { noticeExtras, noticeWords } from '../../src/render/notice-words';
import { expectGolden } from '../support/golden';
import { midFirstRoll, planMade, startedAtMs, stateAfter } from '../support/upgrade-fixture';

const ours = { title: null, text: null };
const link = 'https://temporal.example.org/namespaces/default/workflows/kafka-upgrade%2Forders-prod';

const notice = (...events: UpgradeEventBody[]): Notice => {
  const [last = planMade()] = events.slice(-1);
  const before = stateAfter(...events.slice(0, -1));
  const event = { ...last, atMs: startedAtMs + 3_600_000 };
  const made = noticeOf({ before, event, after: reduce(before, event) }, 'run-1/9');
  if (made === null) throw new Error(`${last.type} is no news`);
  return made;
};

const whole = (made: Notice): string => {
  const { title, text } = noticeWords(made, ours, noticeExtras(made, link));
  return `${title}\n\n${text}`;
};

const gate: UpgradeEventBody = { type: 'gate-opened', gate: 'plan' };
const parked: UpgradeEventBody = {
  type: 'parked',
  trouble: {
    type: 'StartFailed',
    message:
      'Broker 1 did not start on 3.8.1 within 5 min. The old release 3.7.2 was put back and broker 1 is healthy on it.',
    hint: 'Read the tail of the broker log; repair; then send `retry`.',
    nodeId: 1,
    phase: 'binaries',
    nodeIsDown: false,
  },
};

describe('the words of a notice', () => {
  it.each<[string, UpgradeEventBody[]]>([
    ['started', [planMade()]],
    ['waiting', [planMade(), gate]],
    ['escalation', [planMade(), gate, { type: 'alarm', alarm: 'escalation', wait: 'gate plan', waitedMs: 86_400_000 }]],
    ['expired', [planMade(), gate, { type: 'gate-expired', gate: 'plan', waitedMs: 259_200_000 }]],
    ['parked', [...midFirstRoll, parked]],
    ['finished', [...midFirstRoll, { type: 'ended', outcome: 'completed', message: 'All 3 brokers run 3.8.1.' }]],
  ])('tell whoever is woken what, where, what is waited for, and how to answer: %s', (name, events) => {
    expectGolden('render', `notice-${name}.txt`, whole(notice(...events)));
  });

  it('are those of the templates where a channel has some', () => {
    const made = notice(planMade(), gate);
    const templates = { title: '{cluster}/{kind}', text: '{"wait":"{wait}","by":"{by}","link":"{link}"}' };
    expect(noticeWords(made, templates, noticeExtras(made, null))).toEqual({
      title: 'orders-prod/waiting',
      text: '{"wait":"gate plan","by":"","link":""}',
    });
  });
});
