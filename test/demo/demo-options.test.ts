import { parseDemoOptions } from '../../src/demo/demo-options';

const errorOf = (argv: string[]): string => {
  const stderr = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    parseDemoOptions(argv);
    return 'none';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    stderr.mockRestore();
  }
};

describe('parseDemoOptions', () => {
  it('upgrades 3.7.2 to 3.8.1 on three brokers unless told otherwise', () => {
    expect(parseDemoOptions([])).toEqual({
      from: '3.7.2',
      to: '3.8.1',
      brokers: 3,
      controllers: 3,
      mode: 'zookeeper',
      yes: false,
      keep: false,
      json: null,
    });
  });

  it('takes all flags', () => {
    const argv = '--from 3.6.2 --to 3.9.1 --brokers 4 --mode zookeeper --yes --keep --json out.json'.split(' ');
    expect(parseDemoOptions(argv)).toMatchObject({
      from: '3.6.2',
      to: '3.9.1',
      brokers: 4,
      yes: true,
      json: 'out.json',
    });
  });

  it.each([
    [['--from', '3.8'], 'it names a release line'],
    [['--from', '3.8.1', '--to', '3.7.2'], 'is not newer than'],
    [['--to', '3.7.2'], 'is not newer than'],
    [['--brokers', '2'], 'three replicas'],
    [['--mode', 'raft'], 'Allowed choices are zookeeper'],
    [['--jsn', 'x'], "unknown option '--jsn'"],
  ])('refuses %p', (argv, words) => {
    expect(errorOf(argv)).toContain(words);
  });
});
