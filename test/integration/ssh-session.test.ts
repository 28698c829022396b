import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UpgradeError } from '../../src/domain/common/failure';
import { SessionPool } from '../../src/ssh/session-pool';
import { makeKey, startSshd, type TestSshd } from '../support/sshd';
import { until } from '../support/until';

jest.setTimeout(60_000);

let server: TestSshd;
let pool: SessionPool;

beforeAll(async () => {
  server = await startSshd('127.0.31.1');
});
afterAll(() => server.stop());
beforeEach(() => {
  pool = new SessionPool();
});
afterEach(() => pool.close());

const failureOf = async (work: Promise<unknown>): Promise<UpgradeError> => {
  const error: unknown = await work.then(
    () => new Error('it did not fail'),
    (seen: unknown) => seen,
  );
  if (error instanceof UpgradeError) return error;
  throw error;
};

const processAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('run', () => {
  it('gives exit code, both outputs and the duration, and sends the input', async () => {
    const result = await pool
      .session(server.target)
      .run('cat; echo oops >&2; exit 3', { stdin: 'hello', timeoutMs: 5_000 });
    expect(result).toMatchObject({
      exitCode: 3,
      signal: null,
      stdout: 'hello',
      stderr: 'oops\n',
      timedOut: false,
      isCanceled: false,
    });
    expect(result.host).toBe(`${server.target.user}@127.0.31.1:${server.target.port}`);
  });

  it('names the signal that ended the command', async () => {
    const result = await pool.session(server.target).run('kill -KILL $$', { timeoutMs: 5_000 });
    expect(result).toMatchObject({ exitCode: null, signal: 'SIGKILL' });
  });

  it('ends a command at its time limit, on the host, too', async () => {
    const result = await pool
      .session(server.target)
      .run('echo $$; while sleep 0.1; do echo .; done', { timeoutMs: 800 });
    expect(result).toMatchObject({ timedOut: true, exitCode: null });
    await until('the loop is gone', () => !processAlive(Number.parseInt(result.stdout, 10)));
  });

  it('ends a command when the signal is aborted', async () => {
    const controller = new AbortController();
    const session = pool.session(server.target);
    const options = { timeoutMs: 20_000, signal: controller.signal, onStdoutLine: () => controller.abort() };
    const result = await session.run('echo started; exec sleep 60', options);
    expect(result).toMatchObject({ isCanceled: true, timedOut: false });
    expect(result.durationMs).toBeLessThan(5_000);
  });

  it('keeps only the last bytes of a large output', async () => {
    const result = await pool
      .session(server.target)
      .run('i=0; while [ $i -lt 200000 ]; do echo "line $i"; i=$((i+1)); done', {
        timeoutMs: 30_000,
        maxOutputBytes: 1_000,
      });
    expect(Buffer.byteLength(result.stdout)).toBe(1_000);
    expect(result.stdout.endsWith('line 199999\n')).toBe(true);
  });

  it('does not wait for a process that keeps the output open after the command has ended', async () => {
    const result = await pool.session(server.target).run('sleep 5 & echo $!', { timeoutMs: 20_000 });
    expect(result.exitCode).toBe(0);
    expect(result.durationMs).toBeLessThan(4_000);
    process.kill(Number(result.stdout));
  });

  it('runs more commands at once than sshd has sessions, by queueing', async () => {
    const session = pool.session(server.target);
    const results = await Promise.all(
      Array.from({ length: 30 }, (_, index) => session.run(`echo ${index}; sleep 0.05`, { timeoutMs: 20_000 })),
    );
    expect(results.map((result) => result.stdout.trim())).toEqual(
      Array.from({ length: 30 }, (_, index) => String(index)),
    );
  });

  it('asks again for a channel that sshd refuses, and says so when it stays refused', async () => {
    const crowded = new SessionPool({ maxChannels: 100 });
    const session = crowded.session(server.target);
    const sleeps = Array.from({ length: 14 }, () => session.run('sleep 0.5', { timeoutMs: 20_000 }));
    expect((await Promise.all(sleeps)).every((result) => result.exitCode === 0)).toBe(true);
    const streams = await Promise.all(
      Array.from({ length: 10 }, () => session.stream('cat', { onStdoutLine: () => undefined })),
    );
    const error = await failureOf(session.run('true', { timeoutMs: 20_000 }));
    expect(error.type).toBe('SshUnreachable');
    expect(error.message).toContain('MaxSessions');
    for (const stream of streams) stream.close();
    await crowded.close();
  });

  it('shares one connection among concurrent first callers', async () => {
    const session = pool.session(server.target);
    const connections = await Promise.all(
      Array.from({ length: 5 }, () => session.run('echo "$SSH_CONNECTION"', { timeoutMs: 5_000 })),
    );
    expect(new Set(connections.map((result) => result.stdout)).size).toBe(1);
  });
});

describe('a lost connection', () => {
  it('ends the command in flight as unreachable, and the next command connects again', async () => {
    const session = pool.session(server.target);
    // The parent of the command's shell is the sshd process of this connection.
    const first = await session.run('echo $PPID', { timeoutMs: 5_000 });
    const inFlight = failureOf(session.run('sleep 60', { timeoutMs: 60_000 }));
    process.kill(Number(first.stdout), 'SIGKILL');
    expect((await inFlight).type).toBe('SshUnreachable');
    expect((await session.run('echo again', { timeoutMs: 5_000 })).stdout).toBe('again\n');
  });

  it('ends a stream, whose end tells why', async () => {
    const session = pool.session(server.target);
    const lines: string[] = [];
    const stream = await session.stream('echo $PPID; cat', { onStdoutLine: (line) => lines.push(line) });
    const sshd = await until('the first line', () => lines[0]);
    process.kill(Number(sshd), 'SIGKILL');
    expect(await stream.ended).toMatchObject({ exitCode: null });
  });
});

describe('a stream', () => {
  it('gives lines of both outputs, and ends when its input is closed', async () => {
    const lines: string[] = [];
    const errors: string[] = [];
    const stream = await pool.session(server.target).stream('sh -s', {
      stdin: 'echo one; echo two >&2; echo three\n',
      onStdoutLine: (line) => lines.push(line),
      onStderrLine: (line) => errors.push(line),
    });
    await until('three lines', () => lines.length + errors.length === 3);
    stream.close();
    expect(await stream.ended).toMatchObject({ exitCode: 0 });
    expect({ lines, errors }).toEqual({ lines: ['one', 'three'], errors: ['two'] });
  });
});

describe('the agent', () => {
  const outside = process.env['SSH_AUTH_SOCK'];
  afterEach(() => {
    if (outside === undefined) delete process.env['SSH_AUTH_SOCK'];
    else process.env['SSH_AUTH_SOCK'] = outside;
  });
  const byAgent = (): Promise<unknown> =>
    pool.session({ ...server.target, privateKeyFile: null }).run('echo in', { timeoutMs: 5_000 });

  it('logs in when no key file is configured', async () => {
    const socket = join(server.directory, 'agent');
    const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
    try {
      await until('the agent listens', () => existsSync(socket));
      process.env['SSH_AUTH_SOCK'] = socket;
      // Jest's process.env is a copy: a child sees only what it is handed.
      execFileSync('ssh-add', ['-q', join(server.directory, 'client_key')], { env: { ...process.env } });
      expect(await byAgent()).toMatchObject({ stdout: 'in\n' });
    } finally {
      agent.kill();
      await until('the agent ends', () => agent.exitCode !== null || agent.signalCode !== null);
    }
  });

  it('is missed with a message that says so', async () => {
    delete process.env['SSH_AUTH_SOCK'];
    const error = await failureOf(byAgent());
    expect(error.type).toBe('SshAuthenticationFailed');
    expect(error.message).toContain('SSH_AUTH_SOCK');
  });
});

describe('refusals', () => {
  const withKnownHosts = (name: string, text: string): string => {
    const file = join(server.directory, name);
    writeFileSync(file, text);
    return file;
  };
  const connect = (overrides: Partial<TestSshd['target']>): Promise<UpgradeError> =>
    failureOf(pool.session({ ...server.target, ...overrides }).run('true', { timeoutMs: 5_000 }));

  it('trusts no host that is not in known_hosts, and shows the fingerprint it saw', async () => {
    const error = await connect({ knownHostsFile: withKnownHosts('empty', '# nothing\n') });
    expect(error.type).toBe('HostKeyMismatch');
    expect(error.message).toContain(server.hostKeyFingerprint);
    expect(error.message).toContain(`[127.0.31.1]:${server.target.port}`);
    expect(error.message).toContain(`ssh-keyscan -p ${server.target.port} 127.0.31.1`);
  });

  it('does not trust another key for the same name, and names the line of the known one', async () => {
    const other = readFileSync(`${makeKey(join(server.directory, 'other_host_key'))}.pub`, 'utf8');
    const text = `# comment\n[127.0.31.1]:${server.target.port} ${other}`;
    const error = await connect({ knownHostsFile: withKnownHosts('other', text) });
    expect(error.type).toBe('HostKeyMismatch');
    expect(error.message).toContain('another key');
    expect(error.message).toContain('(line 2)');
  });

  it('accepts an entry that ssh-keygen has hashed', async () => {
    const file = withKnownHosts('hashed', readFileSync(server.target.knownHostsFile, 'utf8'));
    execFileSync('ssh-keygen', ['-H', '-f', file], { stdio: 'ignore' });
    expect(readFileSync(file, 'utf8')).toMatch(/^\|1\|/);
    const result = await pool.session({ ...server.target, knownHostsFile: file }).run('echo in', { timeoutMs: 5_000 });
    expect(result.stdout).toBe('in\n');
  });

  it('refuses a revoked key even when another line trusts it', async () => {
    const known = readFileSync(server.target.knownHostsFile, 'utf8');
    const error = await connect({ knownHostsFile: withKnownHosts('revoked', `${known}@revoked ${known}`) });
    expect(error.message).toContain('revoked');
  });

  it('says that a missing known_hosts file trusts nobody', async () => {
    const error = await connect({ knownHostsFile: join(server.directory, 'no-such-file') });
    expect(error).toMatchObject({ type: 'HostKeyMismatch' });
  });

  it('reports a key that the host does not accept, and does not give it another try', async () => {
    const error = await connect({ privateKeyFile: makeKey(join(server.directory, 'stranger')) });
    expect(error.type).toBe('SshAuthenticationFailed');
    expect(error.message).toContain('stranger');
  });

  it('reports a key file that is missing or is none', async () => {
    expect((await connect({ privateKeyFile: '/no/such/key' })).type).toBe('SshAuthenticationFailed');
    const file = join(server.directory, 'garbage');
    writeFileSync(file, 'not a key');
    expect((await connect({ privateKeyFile: file })).type).toBe('SshAuthenticationFailed');
  });

  it('reports a port where nobody listens', async () => {
    const file = withKnownHosts(
      'refused',
      `[127.0.31.9]:1 ${readFileSync(join(server.directory, 'host_key.pub'), 'utf8')}`,
    );
    const error = await connect({ host: '127.0.31.9', port: 1, knownHostsFile: file });
    expect(error.type).toBe('SshUnreachable');
    expect(error.message).toContain('ECONNREFUSED');
  });

  it('uses no session after the pool was closed', async () => {
    const session = pool.session(server.target);
    await session.run('true', { timeoutMs: 5_000 });
    await pool.close();
    expect((await failureOf(session.run('true', { timeoutMs: 5_000 }))).type).toBe('SshUnreachable');
  });
});
