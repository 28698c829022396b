/** The committed settings are what the real jars say: two release lines are read again. */
import { readSettings } from '../../scripts/broker-settings/read-settings';
import { brokerSettings } from '../../src/domain/knowledge/broker-settings';

it.each([
  ['3.7', '3.7.2'],
  ['3.8', '3.8.1'],
])('the settings of %s are those that the jars of %s define', async (line, version) => {
  const read = [...(await readSettings(version))].map(([name, setting]) => ({
    name,
    type: setting.type,
    defaultValue: setting.default === 'required' ? undefined : setting.default.slice(1),
    valid: setting.valid,
  }));
  expect(brokerSettings(line)).toEqual(read.sort((a, b) => (a.name < b.name ? -1 : 1)));
});
