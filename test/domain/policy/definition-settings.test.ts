import { createHash } from 'node:crypto';
import { nodeSettingOf, plannedSettings, writtenSha256 } from '../../../src/domain/policy/definition-settings';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('the settings that a plan keeps', () => {
  it('are values as they are written, marks where these are long, may be secret, or are of nodes', () => {
    const long = 'x'.repeat(81);
    const planned = plannedSettings(
      {
        cluster: 'orders',
        'nodes[id=12].host': 'k12',
        'nodes[id=2].host': 'k2',
        'policy.endToEndTopic': long,
        'service.environment.KAFKA_OPTS': '-Dpassword=x',
      },
      sha256,
    );
    expect(planned).toEqual({
      settings: {
        cluster: 'orders',
        'policy.endToEndTopic': `#${sha256(long).slice(0, 8)}`,
        'service.environment.KAFKA_OPTS': `#${sha256('-Dpassword=x').slice(0, 8)}`,
      },
      nodes: { host: { '12': sha256('k12').slice(0, 4), '2': sha256('k2').slice(0, 4) } },
    });
  });

  it('stay small for 1,000 nodes', () => {
    const ids = Array.from({ length: 1_000 }, (_, index) => index + 1);
    const written = Object.fromEntries(
      ids.flatMap((id) => [
        [`nodes[id=${id}].id`, String(id)],
        [`nodes[id=${id}].host`, `kafka-${id}.fra.example.org`],
        [`nodes[id=${id}].kafka`, `kafka-${id}.fra.example.org:9093`],
      ]),
    );
    expect(JSON.stringify(plannedSettings(written, sha256)).length).toBeLessThan(40 * 1_024);
  });

  it('are hashed with their paths', () => {
    expect(writtenSha256({ cluster: 'a' }, sha256)).toBe(sha256('[["cluster","a"]]'));
  });

  it('are told apart by the node that they belong to', () => {
    expect(nodeSettingOf('nodes[id=7].kafka')).toEqual({ id: '7', setting: 'kafka' });
    expect(nodeSettingOf('policy.soakSeconds')).toBeNull();
  });
});
