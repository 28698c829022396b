import { Command } from 'commander';
import { featureOption } from '../../src/cli/commands/feature-option';

const parsed = (...args: string[]): unknown =>
  new Command('start')
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .addOption(featureOption())
    .parse(args, { from: 'user' })
    .opts()['feature'];

describe('--feature', () => {
  it('collects levels, names of levels, and what is left as it is', () => {
    const args = ['metadata.version=4.2-IV1', 'kraft.version=1', 'share.version=off'];
    expect(parsed(...args.flatMap((value) => ['--feature', value]))).toEqual({
      'metadata.version': '4.2-IV1',
      'kraft.version': '1',
      'share.version': false,
    });
  });

  it('says nothing when it is not typed: the release decides', () => {
    expect(parsed()).toBeUndefined();
  });

  it('takes the last word on a feature', () => {
    expect(parsed('--feature', 'share.version=1', '--feature', 'share.version=off')).toEqual({
      'share.version': false,
    });
  });

  it.each(['share.version', 'share.version=', '=1', ''])('refuses "%s" with an example', (value) => {
    expect(() => parsed('--feature', value)).toThrow('for example share.version=off');
  });
});
