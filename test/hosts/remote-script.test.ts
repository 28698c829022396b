import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { failureHint, UpgradeError } from '../../src/domain/common/failure';
import { exitCode, exitName } from '../../src/hosts/exit-code';
import { parseBrokers, parseClock, parseJavaVersion, parseLease, parseProperties } from '../../src/hosts/host-report';
import { encodeProperties } from '../../src/hosts/properties-bytes';
import { decodeFact, parseFacts, runScript, scriptText } from '../../src/hosts/remote-script';
import { scriptLibrary } from '../../src/hosts/script-library';
import { scriptFailure } from '../../src/hosts/script-failure';
import { SshBrokerHost } from '../../src/hosts/ssh-broker-host';
import type { CommandResult } from '../../src/ssh/command-result';
import type { HostSession } from '../../src/ssh/host-session';
import { FakeWorld } from '../support/fake-world';
import { leaseOf } from '../support/fake-kafka-host';
import { runShell } from '../support/local-shell';

const outcomeOf = (code: number, stdout = '', stderr = ''): Parameters<typeof scriptFailure>[0] => ({
  facts: parseFacts(stdout),
  result: {
    host: 'kafka@b1:22',
    command: 'a test',
    exitCode: code,
    signal: null,
    timedOut: false,
    isCanceled: false,
    stdout: '',
    stderr,
    durationMs: 1,
  },
});

/** A session whose every command ends like this. */
const sessionOf = (ends: Partial<CommandResult>): HostSession => ({
  address: 'kafka@b1:22',
  run: () => Promise.resolve({ ...outcomeOf(0).result, ...ends }),
  stream: () => Promise.reject(new Error('no script of ours streams')),
});

/** Everything of a failure that reaches Temporal's history. */
const toldBy = async (attempt: Promise<unknown>): Promise<string> => {
  const error: unknown = await attempt.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof UpgradeError)) throw new Error(`no failure of ours: ${String(error)}`);
  return JSON.stringify([error.type, error.message, error.evidence]);
};

describe('a remote script', () => {
  it('does nothing at all when its text is cut anywhere', async () => {
    const text = scriptText('echo ran; exit 7');
    const whole = await runShell(text);
    expect(whole).toMatchObject({ exitCode: 7, stdout: 'ran\n' });
    const cuts = [0.1, 0.3, 0.5, 0.7, 0.9].map((part) => text.slice(0, Math.floor(text.length * part)));
    for (const cut of [...cuts, text.slice(0, text.lastIndexOf('}'))]) {
      expect((await runShell(cut)).stdout).toBe('');
    }
  });

  it('reports facts, whatever bytes they hold', async () => {
    const { stdout } = await runShell(`${scriptLibrary}\nfact plain 'a=b c'\nprintf 'x\\ny=ü' | fact_base64 coded`);
    const facts = parseFacts(stdout);
    expect(facts.get('plain')).toBe('a=b c');
    expect(decodeFact(facts, 'coded')).toBe('x\ny=ü');
    expect(decodeFact(facts, 'other')).toBeNull();
  });

  it('names a tool that the host lacks', async () => {
    const result = await runShell(`${scriptLibrary}\nneed sh no-such-tool`);
    expect(result).toEqual({
      exitCode: exitCode.toolMissing,
      stdout: '',
      stderr: 'the command no-such-tool is missing on this host: install it\n',
    });
  });

  it('has exit codes that are distinct and those of no shell', () => {
    const codes = Object.values(exitCode);
    expect(new Set(codes).size).toBe(codes.length);
    expect(codes.every((code) => code > 2 && code < 124)).toBe(true);
    expect(exitName(exitCode.gateTooOld)).toBe('gateTooOld');
    expect(exitName(1)).toBeNull();
  });
});

describe('a refusal', () => {
  it('names the holder of a lease and ourselves', () => {
    const stdout =
      'lease_epoch=4\nlease_step=2\nlease_attempt=1\nlease_owner=o\nlease_runId=r\nlease_clusterId=cluster-A\n';
    const error = scriptFailure(outcomeOf(exitCode.leaseHeld, stdout), leaseOf({ epoch: 5 }));
    expect(error.type).toBe('LeaseHeld');
    expect(error.message).toContain('held by o, run r, epoch 4, step 2, attempt 1, cluster cluster-A');
    expect(error.message).toContain('server/default/kafka-upgrade/orders, run run-1, epoch 5');
  });

  it('says what the host said, and what to do', () => {
    const error = scriptFailure(outcomeOf(exitCode.stateUnusable, '', 'the state directory /x cannot be created\n'));
    expect(error.message).toBe(
      'kafka@b1:22 refused a test: the state directory /x cannot be created. Create that directory and give it to the SSH user, or change `paths.state`.',
    );
  });

  it('never offers takeOver for the lease of another Kafka cluster', () => {
    const stdout = 'lease_owner=o\nlease_runId=r\nlease_clusterId=cluster-B\n';
    const error = scriptFailure(outcomeOf(exitCode.leaseHeld, stdout), leaseOf());
    expect(error.type).toBe('OtherClusterLease');
    expect(`${error.message} ${failureHint(error.type)}`).not.toContain('takeOver');
  });

  it.each(['serviceCommandFailed', 'startFailed'] as const)('by %s is one of the host when sudo asks', (name) => {
    const words = 'the command ended with 1: sudo: a password is required\n';
    const error = scriptFailure(outcomeOf(exitCode[name], '', words));
    expect(error.type).toBe('HostRefused');
    expect(error.message).toContain('sudo: a password is required. The SSH user may not run that command there');
  });

  it.each([
    ['serviceCommandFailed', 'CommandFailed'],
    ['startFailed', 'StartFailed'],
  ] as const)('by %s is %s when the command itself failed', (name, type) => {
    expect(scriptFailure(outcomeOf(exitCode[name], '', 'the command ended with 1: it broke\n')).type).toBe(type);
  });

  it.each(['toolMissing', 'stateUnusable', 'backupUnreadable', 'ownerNotKept', 'configUnwritable'] as const)(
    'for %s is not cured by another try',
    (name) => {
      expect(scriptFailure(outcomeOf(exitCode[name])).type).toBe('HostRefused');
    },
  );

  it('of a link that cannot be replaced says nothing about the state directory', () => {
    const error = scriptFailure(outcomeOf(exitCode.linkNotReplaceable, '', 'ln: Permission denied\nthe link /opt/k\n'));
    expect(error.type).toBe('LinkNotReplaceable');
    expect(error.message).toBe('kafka@b1:22 refused a test: ln: Permission denied | the link /opt/k.');
  });

  it('is a failed command when the exit code is not one of ours', () => {
    expect(scriptFailure(outcomeOf(127, '', 'sh: not found')).type).toBe('CommandFailed');
  });
});

describe('I8: what a look reported is told by no failure', () => {
  const properties = Buffer.from('ssl.keystore.password=hunter2\n'.repeat(20)).toString('base64');
  const inspect = (ends: Partial<CommandResult>): Promise<unknown> => {
    const { definition } = new FakeWorld();
    const host = new SshBrokerHost(sessionOf({ stdout: `properties=${properties}\n`, ...ends }), definition, { id: 1 });
    return host.inspect({ targetVersion: '3.8.1' });
  };

  it('neither when the look is refused afterwards', async () => {
    const told = await toldBy(inspect({ exitCode: exitCode.leaseUnreadable, stderr: 'the lease is not readable\n' }));
    expect(told).toMatch(/^\["LeaseUnreadable","kafka@b1:22 refused .*the lease is not readable/);
    expect(told).not.toContain(properties.slice(0, 8));
  });

  it('nor when it runs out of time without a word', async () => {
    const told = await toldBy(inspect({ exitCode: null, timedOut: true }));
    expect(told).toMatch(/^\["CommandTimedOut",".*It said nothing\."/);
    expect(told).not.toContain(properties.slice(0, 8));
  });

  it('nor when a lease file is none', () => {
    const lease = Buffer.from('sasl.password=hunter2').toString('base64');
    const attempt = Promise.resolve().then(() => parseLease(parseFacts(`lease=${lease}\n`), 'h'));
    return expect(toldBy(attempt)).resolves.not.toContain('hunter2');
  });

  it('whatever was reported, and however it ended', async () => {
    const secret = 'U0VDUkVU';
    const name = fc.oneof(
      fc.constantFrom('properties', 'lease', 'found', 'output'),
      fc.stringMatching(/^[a-z_]{1,12}$/),
    );
    const code = fc.oneof(
      fc.constantFrom(...Object.values(exitCode)),
      fc.integer({ min: 1, max: 255 }),
      fc.constant(null),
    );
    const fenced = fc.boolean();
    await fc.assert(
      fc.asyncProperty(
        fc.array(name, { minLength: 1 }),
        code,
        fenced,
        fc.boolean(),
        async (names, code, fenced, timedOut) => {
          const told = names.filter((key) => !(key === 'found' && code === exitCode.configDrift));
          const stdout = told.map((key) => `${key}=${secret}\n`).join('');
          const session = sessionOf({ exitCode: code, timedOut: timedOut && code === null, stdout });
          const attempt = runScript(session, { description: 'a look', body: '', timeoutMs: 1 }).then((outcome) => {
            throw scriptFailure(outcome, fenced ? leaseOf({ epoch: 5 }) : undefined);
          });
          expect(await toldBy(attempt)).not.toContain(secret);
        },
      ),
    );
  });

  it('but who holds the host, and which file was found instead of the planned one', async () => {
    const facts = 'properties=UFJPUA==\nfound=abc\nlease_owner=o\n';
    expect(scriptFailure(outcomeOf(exitCode.configDrift, facts)).evidence).toEqual({
      host: 'kafka@b1:22',
      found: 'abc',
    });
    expect(scriptFailure(outcomeOf(exitCode.leaseStale, facts), leaseOf({ epoch: 5 })).evidence).toMatchObject({
      holder: { lease_owner: 'o' },
    });
  });
});

describe('a report', () => {
  it('gives the one broker, none, or an error for two', () => {
    expect(parseBrokers(parseFacts('brokers=12:345\n'), 'h')).toEqual({ pid: 12, startTicks: 345 });
    expect(parseBrokers(parseFacts('brokers=\n'), 'h')).toBeNull();
    expect(() => parseBrokers(parseFacts('brokers=12:345 13:346\n'), 'h')).toThrow('runs 2 brokers');
  });

  it('gives the clock in seconds', () => {
    expect(parseClock(parseFacts('clock=abc-def 123456\n'), 'h')).toEqual({
      bootId: 'abc-def',
      uptimeSeconds: 1234.56,
    });
    expect(() => parseClock(parseFacts(''), 'h')).toThrow('did not report');
  });

  it.each([
    ['openjdk version "17.0.15" 2025-04-15\nOpenJDK Runtime', '17.0.15'],
    ['Picked up JAVA_TOOL_OPTIONS: -Xmx1g\njava version "1.8.0_402"', '1.8.0_402'],
    ['sh: java: not found', null],
    [null, null],
  ])('reads the Java version from %j', (output, version) => {
    expect(parseJavaVersion(output)).toBe(version);
  });

  it('keeps the bytes of server.properties, whatever they are', () => {
    const encoded = (bytes: number[]): Map<string, string> =>
      new Map([['properties', Buffer.from(bytes).toString('base64')]]);
    const bytes = Array.from({ length: 256 }, (_, byte) => byte);
    const { text, sha256 } = parseProperties(encoded(bytes), 'h');
    expect(encodeProperties(text)).toBe(Buffer.from(bytes).toString('base64'));
    expect(sha256).toBe(createHash('sha256').update(Buffer.from(bytes)).digest('hex'));
  });

  it('refuses to write a character that is no ISO-8859-1 byte instead of another one', () => {
    expect(() => encodeProperties('# 漢')).toThrow('ISO-8859-1');
  });

  it('never takes a damaged lease for none', () => {
    expect(parseLease(parseFacts(''), 'h')).toBeNull();
    expect(() => parseLease(parseFacts('lease=Z2FyYmFnZQ==\n'), 'h')).toThrow('cannot be understood');
  });
});
