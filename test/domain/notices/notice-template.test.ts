import fc from 'fast-check';
import { noticeOf } from '../../../src/domain/notices/notice';
import type { Notice } from '../../../src/domain/notices/notice';
import { fillTemplate, placeholders, unknownPlaceholders } from '../../../src/domain/notices/notice-template';
import type { NoticeExtras } from '../../../src/domain/notices/notice-template';
import { reduce } from '../../../src/domain/upgrade/upgrade-state';
import type { UpgradeEventBody } from '../../../src/domain/upgrade/upgrade-state';
import { atGate, opened } from '../../support/message-fixture';
import { ended, midFirstRoll, parked, planMade, startedAtMs, stateAfter } from '../../support/upgrade-fixture';

const nothing: NoticeExtras = { link: null, command: null };

const noticeAfter = (last: UpgradeEventBody, before = stateAfter(planMade())): Notice => {
  const event = { ...last, atMs: startedAtMs };
  const notice = noticeOf({ before, event, after: reduce(before, event) }, 'run-1/9');
  if (notice === null) throw new Error(`${last.type} is no news`);
  return notice;
};

/** `name=value` of every placeholder that has a value. */
const facts = (notice: Notice, extras = nothing): string[] =>
  placeholders
    .map((name) => `${name}=${fillTemplate(`{${name}}`, notice, extras)}`)
    .filter((fact) => !fact.endsWith('='));

describe('the facts that a template may name', () => {
  it('are at a gate what is asked, of whom, and how to answer', () => {
    const extras = { link: 'https://temporal.example.org/x', command: 'kafka-upgrade approve orders-prod' };
    const notice = { ...noticeAfter(opened('protocol')), requester: 'kim', ticket: 'CHG-1' };
    expect(facts(notice, extras)).toEqual([
      'kind=waiting',
      'cluster=orders-prod',
      'from=3.7.2',
      'to=3.8.1',
      'phase=awaiting-approval',
      'message=Every broker runs the new binary. Raise inter.broker.protocol.version?',
      'wait=gate protocol',
      'waited=0 min',
      'question=Every broker runs the new binary. Raise inter.broker.protocol.version?',
      'afterwards=IRREVERSIBLE: once the first broker speaks the new protocol, the old binaries cannot be put back.',
      'who=Who may approve: anybody who may send a message.',
      'signal=approve',
      'answer={"gate":"protocol","plan":"1a2b3c4d"}',
      'command=kafka-upgrade approve orders-prod',
      'link=https://temporal.example.org/x',
      'requester=kim',
      'ticket=CHG-1',
      'plan=1a2b3c4d',
      'workflow=kafka-upgrade/orders-prod',
      'time=2026-11-23T09:00:00.000Z',
    ]);
  });

  it('are of a parked step the node and the way on, and of an end how it ended', () => {
    const trouble = facts(noticeAfter(parked, stateAfter(...midFirstRoll)));
    expect(trouble).toEqual(expect.arrayContaining(['kind=parked', 'node=1', 'wait=the parked step', 'signal=retry']));
    const last = facts(noticeAfter(ended, stateAfter(...midFirstRoll)));
    expect(last).toEqual(expect.arrayContaining(['kind=finished', 'outcome=completed']));
    expect(last.filter((fact) => /^(wait|waited|question|signal|answer|who)=/.test(fact))).toEqual([]);
  });

  it('are how long it was waited for, in whole minutes', () => {
    const alarm: UpgradeEventBody = {
      type: 'alarm',
      alarm: 'reminder',
      wait: 'gate plan',
      waitedMs: 90 * 60_000 + 29_000,
    };
    expect(fillTemplate('{wait}: {waited}', noticeAfter(alarm, atGate('plan')), nothing)).toBe('gate plan: 90 min');
  });
});

describe('a template', () => {
  const notice = noticeAfter(opened('plan'));

  it.each([
    ['{cluster} to {to}', 'orders-prod to 3.8.1'],
    ['{cluster}{cluster}', 'orders-prodorders-prod'],
    ['without any', 'without any'],
    ['', ''],
    ['{"channel":"{cluster}"}', '{"channel":"orders-prod"}'],
    ['{ cluster } {} {1}', '{ cluster } {} {1}'],
    ['by {by}.', 'by .'],
    ['{unheard}', '{unheard}'],
    ['{constructor} {toString}', '{constructor} {toString}'],
  ])('%j becomes %j', (template, expected) => {
    expect(fillTemplate(template, notice, nothing)).toBe(expected);
  });

  it.each<[string, string[]]>([
    ['{cluster} {to}', []],
    ['{clustre} {to} {hasOwnProperty}', ['clustre', 'hasOwnProperty']],
    ['{"text": "{x-y}"}', ['x-y']],
    ['{ cluster } {}', []],
  ])('%j has %j that mean nothing', (template, names) => {
    expect(unknownPlaceholders(template)).toEqual(names);
  });

  it('keeps everything that is no placeholder, and takes facts as they are, also with dollar signs in them', () => {
    const odd = { ...notice, message: "$& $1 $' {cluster}" };
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '"', '$', '\\', ' ', ':') }), (text) => {
        expect(fillTemplate(`${text}{message}${text}`, odd, nothing)).toBe(`${text}${odd.message}${text}`);
      }),
    );
  });
});
