import { nodeDetailsMarkdown } from '../../../src/domain/upgrade/node-details';
import type { NodeStepName } from '../../../src/domain/upgrade/node-roll';

const page = (step: NodeStepName, evidence: string[] = []): string =>
  nodeDetailsMarkdown({ nodeId: 2, phase: 'binaries', step, sinceMs: 0, evidence });

const marks = (step: NodeStepName): string =>
  page(step)
    .split('\n')
    .flatMap((line) => /^- (.) (\S+):/.exec(line)?.slice(1, 3).join('') ?? [])
    .join(' ');

describe('the page of a restart', () => {
  it.each<[NodeStepName, string]>([
    ['restarting', '▶restarting ·catching-up ·settled'],
    ['catching-up', '✔restarting ▶catching-up ·settled'],
    ['settled', '✔restarting ✔catching-up ▶settled'],
  ])('marks its steps while %s', (step, expected) => {
    expect(marks(step)).toBe(expected);
  });

  it('names the node and the roll, and says where the figures of this moment are', () => {
    expect(page('catching-up').split('\n')).toEqual(
      expect.arrayContaining([
        '# Restart of node 2: new binaries',
        '- ▶ catching-up: in every ISR again, gauges at zero, consumer groups moving, soak',
        'What it does at this moment, and the figures of a gate that is waited for, are the heartbeat details of the pending activity, and in `kafka-upgrade status`.',
      ]),
    );
    expect(page('restarting')).not.toContain('Seen so far');
  });

  it('lists what was seen, the last of it when it is much', () => {
    const lines = Array.from({ length: 15 }, (_, index) => `line ${index}\n  and more`);
    const shown = page('settled', lines).split('\n');
    expect(shown.slice(shown.indexOf('## Seen so far'))).toEqual([
      '## Seen so far',
      '',
      '- (3 earlier lines are in the timeline)',
      ...lines.slice(3).map((line) => `- ${line.replace('\n  ', ' ')}`),
    ]);
  });
});
