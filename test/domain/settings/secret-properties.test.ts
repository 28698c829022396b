import fc from 'fast-check';

import { isSecretKey, mask } from '../../../src/domain/settings/secret-properties';
import { maskSecrets, readProperties } from '../../../src/domain/settings/server-properties';
import { failureOf } from '../../support/failure-of';
import { propertiesTexts } from '../../support/properties-arbitrary';

describe('isSecretKey', () => {
  it.each([
    'ssl.keystore.password',
    'ssl.key.password',
    'ssl.keystore.key',
    'ssl.keystore.certificate.chain',
    'ssl.truststore.certificates',
    'sasl.jaas.config',
    'listener.name.internal.ssl.key.password',
    'listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config',
    'listener.name.internal.ssl.keystore.key',
    'password.encoder.secret',
    'password.encoder.old.secret',
    'delegation.token.master.key',
    'delegation.token.secret.key',
    'zookeeper.ssl.keystore.password',
    'sasl.oauthbearer.client.credentials.client.secret',
    'rsm.config.s3.secret.access.key',
    'rsm.config.azure.account.key',
    'metrics.reporter.api.key',
    'my.plugin.PASSWD',
    'vault.token',
    'confluent.basic.auth.user.info',
  ])('%s is one', (key) => {
    expect(isSecretKey(key)).toBe(true);
  });

  it.each([
    'broker.id',
    'listeners',
    'inter.broker.protocol.version',
    'ssl.keystore.location',
    'ssl.keystore.type',
    'password.encoder.iterations',
    'password.encoder.keyfactory.algorithm',
    'delegation.token.max.lifetime.ms',
    'sasl.enabled.mechanisms',
    'log.dirs',
  ])('%s is none', (key) => {
    expect(isSecretKey(key)).toBe(false);
  });
});

describe('maskSecrets', () => {
  it.each([
    ['ssl.key.password=hunter2', `ssl.key.password=${mask}`],
    ['  ssl.key.password : hunter2', `  ssl.key.password : ${mask}`],
    ['ssl.key.password hunter2\r\nbroker.id=1\r\n', `ssl.key.password ${mask}\r\nbroker.id=1\r\n`],
    ['ssl.key.password=', 'ssl.key.password='],
    ['broker.id=1', 'broker.id=1'],
    ['#ssl.key.password=hunter2', `#ssl.key.password=${mask}`],
    ['## ssl.key.password = hunter2', `## ssl.key.password = ${mask}`],
    ['! vault.token hunter2', `! vault.token ${mask}`],
    ['#ssl.key.password=', '#ssl.key.password='],
    ['# the password is in the vault', '# the password is in the vault'],
    ['x=user password="hunter2";', `x=user password=${mask};`],
    ["# try password = 'hunter2' or so", `# try password = ${mask} or so`],
    ['x=secret=hunter2,a', `x=secret=${mask},a`],
    ['url=https://me:hunter2@host/x', `url=https://me:${mask}@host/x`],
    ['url=https://host:9092/x', 'url=https://host:9092/x'],
  ])('shows %j as %j', (text, expected) => {
    expect(maskSecrets(text)).toBe(expected);
  });

  it('masks a value over several lines, one by one', () => {
    const text = 'sasl.jaas.config=org.Module required \\\n  username="u" \\\n  password="hunter2";\na=1\n';
    expect(maskSecrets(text)).toBe(`sasl.jaas.config=${mask}\\\n    ${mask}\\\n    ${mask}\na=1\n`);
  });

  it('masks what is commented out over several lines', () => {
    const text = '#sasl.jaas.config=org.Module required \\\n#  username="u" \\\n#  pin="hunter2";\n# a=1\n';
    expect(maskSecrets(text)).toBe(`#sasl.jaas.config=${mask}\\\n# ${mask}\\\n# ${mask}\n# a=1\n`);
  });

  it('does not carry a mask on past the next setting', () => {
    expect(maskSecrets('#vault.token=x\\\nbroker.id=1\n# free\n')).toBe(
      `#vault.token=${mask}\\\nbroker.id=1\n# free\n`,
    );
  });

  it('refuses a text that Java could not read', () => {
    expect(failureOf(() => maskSecrets('ssl.key.password=\\ux')).type).toBe('PropertiesUnreadable');
  });
});

describe('maskSecrets on any file', () => {
  const secret = 'Hunter2Secret';
  const withSecret = fc
    .tuple(
      propertiesTexts,
      fc.constantFrom('', '#', '# ', ' '),
      fc.constantFrom('ssl.key.password=', 'listener.name.x.sasl.jaas.config : ', 'vault.token\t'),
      fc.constantFrom('', 'a\\\n', 'a b\\\r\n   '),
      propertiesTexts,
    )
    .filter(([, comment, , continuation]) => comment.trim() === '' || continuation === '')
    .map(
      ([before, comment, key, continuation, after]) =>
        `${before}\n\n${comment}${key}${continuation}${secret}\n${after}`,
    );

  it('never shows the secret', () => {
    fc.assert(
      fc.property(withSecret, (text) => {
        expect(maskSecrets(text)).not.toContain(secret);
      }),
      { numRuns: 1_000 },
    );
  });

  it('keeps the number of lines', () => {
    fc.assert(
      fc.property(withSecret, (text) => {
        expect(maskSecrets(text).split(/\r\n|\r|\n/)).toHaveLength(text.split(/\r\n|\r|\n/).length);
      }),
      { numRuns: 1_000 },
    );
  });

  it('keeps the keys', () => {
    fc.assert(
      fc.property(withSecret, (text) => {
        expect(Object.keys(readProperties(maskSecrets(text))).sort()).toEqual(Object.keys(readProperties(text)).sort());
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('comments that hold a secret', () => {
  it.each<[string, string, string]>([
    ['in every comment sign', '! ssl.key.password: x', `! ssl.key.password: ${mask}`],
    ['with blanks before it', '\t#\tvault.token = x', `\t#\tvault.token = ${mask}`],
    ['carried on into the next comment', '#vault.token=a\\\n  #  b\n# c', `#vault.token=${mask}\\\n  # ${mask}\n# c`],
    ['carried on by its own sign', '#vault.token=a\\\n!! b\\\n# c', `#vault.token=${mask}\\\n!! ${mask}\\\n# ${mask}`],
    ['not past a blank line', '#vault.token=a\\\n\n# b', `#vault.token=${mask}\\\n\n# b`],
    ['in a word that is none', '# tokens are rotated: see the wiki', '# tokens are rotated: see the wiki'],
    ['inline', '# jaas: password="x" secret=y', `# jaas: password=${mask} secret=${mask}`],
    ['in a URL', '# http://me:x@proxy:3128/', `# http://me:${mask}@proxy:3128/`],
    ['without a value', '#vault.token=\n#vault.token', '#vault.token=\n#vault.token'],
  ])('are masked %s', (_what, text, expected) => {
    expect(maskSecrets(text)).toBe(expected);
  });
});
