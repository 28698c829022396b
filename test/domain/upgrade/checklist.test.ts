import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checklist, checklistOf, isSettled } from '../../../src/domain/upgrade/checklist';

describe('the checklist', () => {
  it('has the nine items of the procedure, in its words and its order', () => {
    expect(checklist.map(({ item, title }) => `${item}. ${title}`)).toEqual([
      '1. Read the release notes for breaking changes',
      '2. Back up server.properties and confirm a working disaster-recovery path',
      '3. Pin inter.broker.protocol.version to the CURRENT version',
      '4. Rolling restart onto the new binary, one broker at a time',
      '5. Verify cluster health',
      '6. Raise inter.broker.protocol.version to the NEW version',
      '7. Rolling restart again to apply the new protocol',
      '8. (KRaft) Upgrade the metadata version',
      '9. Upgrade client applications at your own pace',
    ]);
  });

  it('is the one of the documentation', () => {
    const concepts = readFileSync(join(__dirname, '../../../docs/concepts.md'), 'utf8').replaceAll('`', '');
    for (const { item, title } of checklist) expect(concepts).toContain(`${item}. ${title}\n`);
  });

  it('speaks of the older binary on the way down, and of nothing else otherwise', () => {
    const differing = checklistOf({ downgrade: true }).filter(({ title }, place) => title !== checklist[place]?.title);
    expect(differing).toEqual([{ item: 4, title: 'Rolling restart onto the older binary, one broker at a time' }]);
    expect(checklistOf({})).toBe(checklist);
    expect(checklistOf(null)).toBe(checklist);
  });

  it.each([
    ['pending', false],
    ['running', false],
    ['waiting', false],
    ['failed', false],
    ['done', true],
    ['not-applicable', true],
  ] as const)('has nothing left to do of an item that is %s: %s', (state, settled) => {
    expect(isSettled(state)).toBe(settled);
  });
});
