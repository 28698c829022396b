import { refusedPath } from '../../../src/domain/checks/refused-path';

it('a refused path is a blocker that ends the upgrade before it starts, by the official procedure', () => {
  expect(refusedPath('The target is older.', 'It may not understand.', 'Choose a newer one.')).toEqual({
    severity: 'blocker',
    failure: 'UnsupportedUpgradePath',
    seen: 'The target is older.',
    why: 'It may not understand.',
    action: 'Choose a newer one.',
    source: 'Kafka documentation, "Upgrading"',
  });
});
