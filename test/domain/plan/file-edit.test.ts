import fc from 'fast-check';
import { fileEditor } from '../../../src/domain/plan/file-edit';
import { readProperties } from '../../../src/domain/settings/server-properties';
import { readableSha256 } from '../../support/snapshot';

const edit = fileEditor({ sha256: readableSha256, label: '/etc/kafka/server.properties' });
const protocol = (value: string) => [{ key: 'inter.broker.protocol.version', value }];

describe('the edit of a file', () => {
  const before = '# brokers\nbroker.id=1\nssl.key.password=hidden-one\n';

  it('tells both contents by their digests, and the change as a diff for people', () => {
    const { after, changes, diff, fromSha256, toSha256 } = edit(before, protocol('3.7'));
    expect(after).toBe(`${before}inter.broker.protocol.version=3.7\n`);
    expect(changes).toEqual(protocol('3.7'));
    expect([fromSha256, toSha256]).toEqual([`sha256(${before})`, `sha256(${after})`]);
    expect(diff).toContain('--- a/etc/kafka/server.properties\n+++ b/etc/kafka/server.properties\n');
    expect(diff).toContain('+inter.broker.protocol.version=3.7\n');
  });

  it('never shows a secret', () => {
    expect(edit(before, protocol('3.7')).diff).not.toContain('hidden-one');
  });

  it('of nothing changes nothing', () => {
    expect(edit(before, [])).toEqual({
      changes: [],
      fromSha256: `sha256(${before})`,
      toSha256: `sha256(${before})`,
      diff: '',
      after: before,
    });
  });

  it('property: sets what it says, keeps the rest, and a second time changes nothing', () => {
    const levels = fc.constantFrom('3.6', '3.7', '3.8-IV0');
    const files = fc.dictionary(fc.constantFrom('broker.id', 'log.dirs', 'num.io.threads'), fc.stringMatching(/^\w*$/));
    fc.assert(
      fc.property(files, levels, (settings, level) => {
        const text = Object.entries(settings)
          .map(([key, value]) => `${key}=${value}\n`)
          .join('');
        const { after } = edit(text, protocol(level));
        expect(readProperties(after)).toEqual({ ...settings, 'inter.broker.protocol.version': level });
        expect(edit(after, protocol(level))).toMatchObject({ after, diff: '' });
      }),
    );
  });
});
