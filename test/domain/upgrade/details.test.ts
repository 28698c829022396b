import { detailsMarkdown } from '../../../src/domain/upgrade/details';
import type { UpgradePlan } from '../../../src/domain/plan/upgrade-plan';
import type { UpgradeEventBody, UpgradeState } from '../../../src/domain/upgrade/upgrade-state';
import { upgradeStatus } from '../../../src/domain/upgrade/upgrade-status';
import { expectGolden } from '../../support/golden';
import {
  featureAt,
  kraftPlan,
  kraftStateAfter,
  midFinalization,
  midKraftRoll,
  rolled,
} from '../../support/kraft-fixture';
import { opened } from '../../support/message-fixture';
import {
  ended,
  item,
  midFirstRoll,
  parked,
  planMade,
  samplePlan,
  stateAfter,
  trouble,
} from '../../support/upgrade-fixture';

/** The sample's plan with so many nodes, from 1 on. */
const largePlan = (count: number): UpgradePlan => {
  const nodes = samplePlan().nodes.slice(0, 1);
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  return samplePlan({ nodes: numbers.flatMap((nodeId) => nodes.map((node) => ({ ...node, nodeId }))) });
};

describe('the page in the web UI', () => {
  it.each<[string, UpgradeEventBody[]]>([
    ['planning', [item(1, 'running', 'inspecting hosts and brokers')]],
    ['plan-gate', [planMade(), item(1, 'waiting', 'plan made, 2 findings to read'), opened('plan')]],
    ['rolling', midFirstRoll],
    ['parked', [...midFirstRoll, parked]],
    ['completed', [...midFirstRoll, ended]],
  ])('%s', (name, events) => {
    expect(events.length).toBeGreaterThan(0);
    expectGolden('domain', `details-${name}.md`, detailsMarkdown(upgradeStatus(stateAfter(...events))));
  });

  it('keeps its tables whole, whatever the words in them', () => {
    const detail = 'a | b\nc';
    const progress = { state: 'parked' as const, detail, timing: null };
    const state = stateAfter(planMade(), { type: 'node', phase: 'binaries', nodeId: 1, progress });
    const row = detailsMarkdown(upgradeStatus(state))
      .split('\n')
      .find((line) => line.startsWith('| 1 |'));
    expect(row).toBe('| 1 | kafka@10.0.0.1:22 | parked: a \\| b c | pending |');
  });

  it('keeps the page whole when a message has many lines', () => {
    const log = `Log: line 1\nline 2\n\n# not a title\n| not | a table |`;
    const page = detailsMarkdown(
      upgradeStatus(stateAfter(planMade(), { type: 'parked', trouble: { ...trouble, message: log } })),
    );
    expect(page.split('\n').filter((line) => line.startsWith('# '))).toHaveLength(1);
    expect(page).toContain('**Log: line 1 line 2');
  });

  it('stays within a few kilobytes for a cluster of any size', () => {
    const page = detailsMarkdown(upgradeStatus(stateAfter(planMade(largePlan(2_000)))), 100);
    expect(page).toContain('and 1900 more nodes');
    expect(page.length).toBeLessThan(12_000);
  });
});

const pageOf = (state: UpgradeState): string[] => detailsMarkdown(upgradeStatus(state)).split('\n');

const page = (...events: UpgradeEventBody[]): string[] => pageOf(stateAfter(...events));

/** The lines from this heading to the next. */
const section = (lines: readonly string[], heading: string): string[] => {
  const rest = lines.slice(lines.indexOf(heading) + 1);
  const end = rest.findIndex((line) => line.startsWith('## '));
  return rest.slice(0, end < 0 ? rest.length : end).filter((line) => line !== '');
};

describe('the head of the page', () => {
  it('says before the plan is made what is not known', () => {
    expect(page().slice(0, 4)).toEqual([
      '# Kafka upgrade of orders-prod: ? → 3.8.1',
      '',
      '**planning**: Inspecting the cluster and making the plan.',
      '',
    ]);
  });

  it('names the plan and the level in the words of the mode', () => {
    expect(page(planMade())).toContain('Protocol 3.7 → 3.8, plan `1a2b3c4d`');
    expect(pageOf(kraftStateAfter(planMade(kraftPlan())))).toContain(
      'metadata.version 3.9-IV0 → 4.3-IV0, plan `1a2b3c4d`',
    );
  });

  it('estimates what is left while nobody is waited for', () => {
    expect(page(...midFirstRoll).find((line) => line.startsWith('Left to do: '))).toBe(
      'Left to do: about 4 min, from 1 restart measured, without the waits for people',
    );
    expect(page(...midFirstRoll, parked).join()).not.toContain('Left to do');
  });
});

describe('what a person is asked on the page', () => {
  it('is who may answer, who has already, and every answer ready to paste', () => {
    const vote = { by: 'kim\n# of the platform', comment: null, ticket: null };
    const lines = page(planMade(), opened('canary'), { type: 'gate-voted', gate: 'canary', vote });
    expect(section(lines, '## Waiting for a person')).toEqual([
      '**Is the first upgraded node as healthy as it should be?**',
      'The other nodes follow one by one. The old binaries can still be put back (`rollback`).',
      'Who may approve: anybody who may send a message.',
      'Approved so far by kim # of the platform.',
      'Send one of these signals:',
      '- `approve` with `{"gate":"canary","plan":"1a2b3c4d"}`',
      '- `reject` with `{"gate":"canary","comment":"why"}`',
    ]);
  });

  it('is nobody in particular when a step is parked', () => {
    expect(section(page(...midFirstRoll, parked), '## Waiting for a person').slice(0, 3)).toEqual([
      `**${trouble.message}**`,
      trouble.hint,
      'Send one of these signals:',
    ]);
  });

  it('is not there when nobody is waited for', () => {
    expect(page(...midFirstRoll)).not.toContain('## Waiting for a person');
  });
});

describe('what is to be read before the approval of the plan', () => {
  const finding = { severity: 'warning', failure: null, why: '', action: 'Look.', source: '' } as const;
  const withFindings = (count: number): string[] => {
    const findings = Array.from({ length: count }, (_, index) => ({ ...finding, seen: `Seen ${index + 1}.` }));
    return pageOf(stateAfter(planMade(samplePlan({ findings })), opened('plan')));
  };

  it('is listed as far as there is room', () => {
    expect(withFindings(15)).toContain('- warning: Seen 15. Look.');
    expect(withFindings(15)).not.toContain('- and 0 more');
    expect(withFindings(17)).toContain('- and 2 more');
    expect(withFindings(17)).not.toContain('- warning: Seen 16. Look.');
  });

  it('is no section when nothing was found', () => {
    expect(withFindings(0)).not.toContain('## To be read before');
  });
});

describe('the table of nodes', () => {
  it('has a column for the way back once there is one', () => {
    const back = page(...midFirstRoll, { type: 'rollback-started' }, rolled('rollback', 1, 'rolling'));
    expect(section(back, '## Nodes').slice(0, 4)).toEqual([
      '| node | host | new binary | new protocol | old binary back |',
      '|---|---|---|---|---|',
      '| 1 | kafka@10.0.0.1:22 | rolling | pending | rolling |',
      '| 2 | kafka@10.0.0.2:22 | done | pending |  |',
    ]);
  });

  it('has no column for a second roll on KRaft', () => {
    expect(section(pageOf(kraftStateAfter(...midKraftRoll())), '## Nodes').slice(0, 4)).toEqual([
      '| node | host | new binary |',
      '|---|---|---|',
      '| 101 | kafka@10.0.0.101:22 | rolling |',
      '| 102 | kafka@10.0.0.102:22 | done |',
    ]);
  });

  it('says where the restart in progress tells of itself', () => {
    const told = (lines: string[]): string[] => lines.filter((line) => line.includes('is being restarted'));
    expect(told(page(...midFirstRoll))).toEqual([
      'Node 1 is being restarted: workflow `kafka-upgrade/orders-prod/binaries/1` shows its step and the figures of its gate.',
    ]);
    expect(told(page(planMade()))).toEqual([]);
  });

  it.each(['rolling', 'parked'] as const)('shows of many nodes one that is %s, wherever it stands', (state) => {
    const rows = section(page(planMade(largePlan(50)), rolled('protocol', 47, state)), '## Nodes');
    expect(rows[2]).toMatch(/^\| 47 \|/);
    expect(rows).toContain('and 20 more nodes');
  });
});

describe('the features on the page', () => {
  it('are told with where they are and their way back', () => {
    const rows = section(pageOf(kraftStateAfter(...midFinalization())), '## Features');
    expect(rows.slice(0, 2)).toEqual(['| feature | from | to | state | way back |', '|---|---|---|---|---|']);
    expect(rows[2]).toMatch(
      /^\| metadata\.version \| 3\.9-IV0 \| 4\.3-IV0 \| raised: 3\.9-IV0 → 4\.3-IV0 \| IRREVERSIBLE: /,
    );
    expect(rows[4]).toMatch(/^\| group\.version \| 0 \| 1 \| pending \| It can be lowered again; /);
    expect(page(...midFirstRoll)).not.toContain('## Features');
  });

  it('keep their table whole', () => {
    const lines = pageOf(kraftStateAfter(planMade(kraftPlan()), featureAt('group.version', 'raising', 'a | b\nc')));
    expect(section(lines, '## Features')[4]).toContain('| raising: a \\| b c |');
  });
});

describe('what was accepted by name', () => {
  const accepting = (accept: string[]) => page(...midFirstRoll, { type: 'accepted', park: 1, accept, votes: [] });

  it('is on the page, as far as there is room', () => {
    expect(accepting(['audit', 'group:retired'])).toContain('Accepted by name: audit, group:retired.');
    const many = accepting(Array.from({ length: 25 }, (_, index) => `topic-${index}`)).join();
    expect(many).toContain('topic-19');
    expect(many).not.toContain('topic-20');
  });

  it('is not mentioned when there is nothing', () => {
    expect(page(...midFirstRoll).join()).not.toContain('Accepted by name');
  });
});

describe('what was seen last', () => {
  it('is at the end of the page', () => {
    const lines = page(planMade(), { type: 'evidence', title: 'the plan\nwas made', lines: ['a', 'b\n  c'] });
    expect(lines.slice(-4)).toEqual(['## Seen last: the plan was made', '', '- a', '- b c']);
  });
});
