import { holdMeant, withHold } from '../../src/cli/commands/hold-meant';
import type { MessageFlags } from '../../src/cli/commands/message-options';
import type { UpgradeLook } from '../../src/client/upgrade-client';
import type { UpgradeEventBody } from '../../src/domain/upgrade/upgrade-state';
import { upgradeStatus } from '../../src/domain/upgrade/upgrade-status';
import { silentTerminal } from '../../src/terminal/silent-terminal';
import type { Terminal } from '../../src/terminal/terminal';
import { opened } from '../support/message-fixture';
import { parked, paused, planMade, stateAfter } from '../support/upgrade-fixture';

const statusAfter = (...events: UpgradeEventBody[]) => upgradeStatus(stateAfter(planMade(), ...events));

const expired: UpgradeEventBody[] = [opened('canary'), { type: 'gate-expired', gate: 'canary', waitedMs: 1 }];

describe('what retry and resume answer', () => {
  it.each<['retry' | 'resume', UpgradeEventBody[], object]>([
    ['retry', [parked], { park: 1 }],
    ['resume', [parked], { park: 1 }],
    ['retry', [parked, { type: 'retried', by: null }, parked], { park: 2 }],
    ['resume', [paused], { pause: 1 }],
    ['retry', [paused], {}],
    ['resume', [parked, paused], { pause: 1 }],
    ['retry', [parked, paused], { park: 1 }],
    ['retry', expired, { gate: 'canary' }],
    ['resume', expired, {}],
    ['resume', [opened('canary')], {}],
    ['retry', [opened('canary')], {}],
    ['retry', [], {}],
  ])('%s after %j', (kind, events, expected) => {
    expect(holdMeant(kind, statusAfter(...events))).toEqual(expected);
  });
});

describe('a number that is not typed', () => {
  const run = async (
    kind: 'retry' | 'resume',
    events: UpgradeEventBody[],
    { flags = {}, reply = null, ended = false }: { flags?: MessageFlags; reply?: string | null; ended?: boolean } = {},
  ) => {
    const shown: string[] = [];
    const terminal: Terminal = {
      ...silentTerminal,
      interactive: reply !== null,
      out: (text) => shown.push(text),
      ask: async (question) => {
        shown.push(question);
        return reply ?? '';
      },
    };
    const ending: UpgradeLook['ending'] = ended ? { outcome: 'completed', message: '', hint: '' } : null;
    const look = async (): Promise<UpgradeLook> => {
      shown.push('looked');
      return { status: statusAfter(...events), live: { activities: [], node: null }, events: [], ending };
    };
    const answer = await withHold(kind, { client: { look }, flags }, { terminal, finish: () => undefined });
    return { answer, shown: shown.join(' ') };
  };

  it('is that of what was shown and said yes to', async () => {
    const { answer, shown } = await run('retry', [parked], { reply: 'y' });
    expect(answer).toMatchObject({ park: 1 });
    expect(shown).toMatch(/looked.*park 1\s+Broker 1 did not start\..*Go on with park 1\?/s);
    expect((await run('retry', [parked], { reply: 'n' })).answer).toBeNull();
  });

  it('is not asked for where one is typed', async () => {
    expect(await run('retry', [parked], { flags: { park: 7 } })).toMatchObject({ answer: { park: 7 }, shown: '' });
    expect(await run('resume', [paused], { flags: { pause: 7 } })).toMatchObject({ answer: { pause: 7 }, shown: '' });
  });

  it('is taken without a question with --yes, and shown', async () => {
    const { answer, shown } = await run('resume', [opened('canary'), paused], { flags: { yes: true } });
    expect(answer).toMatchObject({ pause: 1 });
    expect(shown).toContain('It is paused, too.');
    expect((await run('retry', [parked], { flags: { yes: true, json: true } })).shown).toBe('looked');
  });

  it.each<['retry' | 'resume', UpgradeEventBody[], string]>([
    ['retry', [parked], '--park 1'],
    ['resume', [paused], '--pause 1'],
    ['retry', expired, '--gate canary'],
  ])('of %s wants an option where nobody can be asked', async (kind, events, option) => {
    await expect(run(kind, events)).rejects.toMatchObject({
      kind: 'invalid',
      hint: `Say what you have read (${option}), or pass --yes.`,
    });
    await expect(run(kind, events, { flags: { json: true }, reply: 'y' })).rejects.toMatchObject({ kind: 'invalid' });
  });

  it('is left out where nothing waits, which the upgrade refuses with the reason', async () => {
    expect((await run('retry', [])).answer).toMatchObject({ park: undefined, gate: undefined });
    expect((await run('retry', [parked], { ended: true })).answer).toMatchObject({ park: undefined });
  });
});
