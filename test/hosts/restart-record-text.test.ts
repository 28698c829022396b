import { parseRestartRecord } from '../../src/hosts/restart-record-text';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const nothing = { asked: null, exited: null, cause: null, launches: [] };

describe('the record of a restart on a host', () => {
  it('tells everything that was done, in its order', () => {
    const text = [
      'restart run-1/1.20',
      'asked 102:3777 0b4c-boot 5140',
      'exited 4321 1',
      'launch planned 3.8.1',
      'launch planned 3.8.1',
      'started 200:5555',
      `cause StartFailed ${base64('it "died";\n zwei Zeilen: ä')}`,
      'launch back 3.7.2',
      '',
    ].join('\n');
    expect(parseRestartRecord(text)).toEqual({
      id: 'run-1/1.20',
      asked: { pid: 102, startTicks: 3777 },
      exited: { stopMs: 4321, clean: true },
      cause: { type: 'StartFailed', message: 'it "died";\n zwei Zeilen: ä' },
      launches: [
        { aim: 'planned', version: '3.8.1', started: null },
        { aim: 'planned', version: '3.8.1', started: { pid: 200, startTicks: 5555 } },
        { aim: 'back', version: '3.7.2', started: null },
      ],
    });
  });

  it.each([[null], [''], ['\n'], ['asked 1:2 b 3\n'], ['restart\n'], ['restart a b\n']])('%j is none', (text) => {
    expect(parseRestartRecord(text)).toBeNull();
  });

  it('begins anew where a process is asked once more: somebody had started the node in between', () => {
    const text = 'restart r\nasked 1:1 b 1\nexited 5 1\ncause A eA==\nlaunch planned 3.8.1\nasked 2:2 b 9\n';
    expect(parseRestartRecord(text)).toEqual({ ...nothing, id: 'r', asked: { pid: 2, startTicks: 2 } });
  });

  it("knows of no start where the process was somebody else's", () => {
    const text = 'restart r\nasked 1:1 b 1\nlaunch planned 3.8.1\nasked -\n';
    expect(parseRestartRecord(text)).toEqual({ ...nothing, id: 'r' });
  });

  it('knows an end that nobody timed, and one that was not clean', () => {
    expect(parseRestartRecord('restart r\nexited - 0\n')?.exited).toEqual({ stopMs: null, clean: false });
  });

  it.each(['', 'launch', 'launch sideways 3.8.1', 'unknown 1 2', 'started 5:5'])(
    'a line like %j that says nothing changes nothing',
    (line) => {
      expect(parseRestartRecord(`restart r\n${line}\n`)).toEqual({ ...nothing, id: 'r' });
    },
  );

  it('a process that lost its end is none', () => {
    expect(parseRestartRecord('restart r\nasked 10\nlaunch planned 3.8.1\nstarted 20:')).toEqual({
      ...nothing,
      id: 'r',
      launches: [{ aim: 'planned', version: '3.8.1', started: null }],
    });
  });
});
