import { searchAttributeNames, searchAttributes } from '../../../src/domain/upgrade/search-attributes';

describe('the search attributes', () => {
  it('are names that operators already have in their queries: they stay', () => {
    expect(searchAttributes).toEqual({
      KafkaCluster: 'Keyword',
      UpgradePhase: 'Keyword',
      UpgradeTarget: 'Keyword',
      UpgradeAttention: 'Bool',
    });
    expect(searchAttributeNames).toEqual(Object.keys(searchAttributes));
  });
});
