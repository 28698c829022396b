import { LabUnavailable, programPath, requireLabMachine } from '../../src/lab/lab-unavailable';

const machine = { platform: 'linux', userId: 0, path: '/nowhere' };

describe('a machine that cannot hold a lab', () => {
  it('is told so in one line when it is not Linux', async () => {
    const reason: unknown = await requireLabMachine({ ...machine, platform: 'darwin' }).catch(
      (error: unknown) => error,
    );
    expect(reason).toBeInstanceOf(LabUnavailable);
    expect(String(reason)).toContain('this is darwin');
    expect(String(reason)).not.toContain('\n');
  });

  it('is told that root is needed', async () => {
    await expect(requireLabMachine({ ...machine, userId: 1000 })).rejects.toThrow('needs root');
  });

  it('is told which programs are missing and what has them', async () => {
    await expect(requireLabMachine(machine)).rejects.toThrow(
      /needs unshare, .*sshd.*apt-get install util-linux .*openssh-server/,
    );
  });
});

describe('the programs of a lab', () => {
  it('are found on its PATH by their absolute path', () => {
    expect(programPath('sh')).toMatch(/^\/.*\/sh$/);
    expect(programPath('no-such-program')).toBeNull();
  });
});
