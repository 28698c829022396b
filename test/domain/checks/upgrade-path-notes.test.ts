import fc from 'fast-check';
import { UpgradeError } from '../../../src/domain/common/failure';
import { releaseNotesBetween } from '../../../src/domain/checks/upgrade-path';

describe('releaseNotesBetween', () => {
  const titles = (sources: string[], target: string): string[] =>
    releaseNotesBetween(sources, target, 'zookeeper').map(({ since, title }) => `${since} ${title}`);

  it('tells what came after the source, up to the target', () => {
    expect(titles(['3.7.2'], '3.8.1')).toEqual(['3.8.0 compression needs an executable temporary directory']);
    expect(titles(['3.7.2'], '3.9.2').map((title) => title.slice(0, 5))).toEqual(['3.8.0', '3.9.0', '3.9.0']);
  });

  it('tells nothing between patches of one line', () => {
    expect(titles(['3.7.0'], '3.7.2')).toEqual([]);
  });

  it('starts at the oldest node', () => {
    expect(titles(['3.9.2', '3.7.2'], '3.9.2')).toEqual(titles(['3.7.2'], '3.9.2'));
  });

  it.each([
    ['3.2.3', '3.4.1', true],
    ['3.2.3', '3.5.0', true],
    ['3.2.3', '3.5.2', false],
    ['3.3.2', '3.4.1', false],
  ])('tells a regression only where the upgrade meets it: %s to %s', (source, target, expected) => {
    expect(titles([source], target).some((title) => title.includes('case-sensitive'))).toBe(expected);
  });

  it('tells what needs work before an upgrade from 2.8', () => {
    expect(titles(['2.8.2'], '3.0.2')).toEqual(
      expect.arrayContaining([
        expect.stringContaining('log.message.format.version'),
        expect.stringContaining('--zookeeper'),
      ]),
    );
  });

  it('tells nothing without a source that can be read', () => {
    expect(titles([], '3.8.1')).toEqual([]);
    expect(titles(['7.5.0-ccs'], '3.8.1')).toEqual([]);
  });

  it('throws for a target that is no release', () => {
    expect(() => titles(['3.7.2'], 'newest')).toThrow(UpgradeError);
  });

  it('tells of the way in two parts what it tells of the whole, each release note once', () => {
    const lines = ['2.8.2', '3.3.2', '3.6.2', '3.7.2', '3.8.1', '3.9.2'];
    fc.assert(
      fc.property(fc.subarray(lines, { minLength: 3, maxLength: 3 }), ([from = '', over = '', to = '']) => {
        const whole = titles([from], to);
        const parts = [...titles([from], over), ...titles([over], to)];
        expect(parts).toEqual(expect.arrayContaining(whole));
        expect(new Set(whole).size).toBe(whole.length);
      }),
    );
  });
});
