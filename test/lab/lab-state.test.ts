import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { labDown, labFrom, labStatus } from '../../src/lab/lab';
import { labPaths, readLabState, writeLabState, type LabState } from '../../src/lab/lab-state';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'lab-state-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

function stateOfDeadLab(): LabState {
  return {
    format: 1,
    phase: 'starting',
    cluster: 'lab',
    release: '3.7.2',
    releaseDirectory: '/nowhere',
    hosts: [
      {
        name: 'broker-1',
        nodeId: 1,
        roles: ['broker'],
        address: '127.77.0.1',
        root: join(directory, 'hosts/broker-1'),
      },
    ],
    ssh: { keyFile: 'key', knownHostsFile: 'known_hosts', port: 2222, user: 'root' },
  };
}

describe('the state of a lab', () => {
  it('is read back as it was written', async () => {
    await writeLabState(directory, stateOfDeadLab());
    expect(readLabState(directory)).toEqual(stateOfDeadLab());
  });

  it('is null where there is no lab', () => {
    expect(readLabState(directory)).toBeNull();
  });

  it('is refused when the file is not a lab state', () => {
    writeFileSync(labPaths(directory).state, '{"format":2}');
    expect(() => readLabState(directory)).toThrow('is not the state of a lab');
  });

  it('tells which hosts do not run', async () => {
    await writeLabState(directory, stateOfDeadLab());
    const status = await labStatus(directory);
    expect(status.hosts).toEqual([
      expect.objectContaining({ name: 'broker-1', up: false, servicePid: null, residentBytes: 0 }),
    ]);
    await expect(labFrom(directory)).rejects.toThrow('Host broker-1 of the lab does not run');
  });
});

describe('taking a lab down', () => {
  it('removes what is left of a lab that died while it started, and is harmless again afterwards', async () => {
    await writeLabState(directory, stateOfDeadLab());
    await labDown(directory);
    expect(readLabState(directory)).toBeNull();
    await labDown(directory);
  });

  it('keeps the files on request', async () => {
    await writeLabState(directory, stateOfDeadLab());
    await labDown(directory, undefined, { keepFiles: true });
    expect(readLabState(directory)).not.toBeNull();
  });

  it("refuses a directory that has files but is not a lab's", async () => {
    writeFileSync(join(directory, 'mine'), 'x');
    await expect(labDown(directory)).rejects.toThrow("is not a lab's directory");
  });
});
