import { InvalidArgumentError, Option } from 'commander';
import type { RequestedFeatures } from '../../domain/levels/finalization';

const collect = (value: string, earlier: RequestedFeatures | undefined): RequestedFeatures => {
  const [, name, level] = /^([^=]+)=(.+)$/.exec(value) ?? [];
  if (name === undefined || level === undefined)
    throw new InvalidArgumentError('It must be a feature and its level, for example share.version=off.');
  return { ...earlier, [name]: level === 'off' ? false : level };
};

/** `--feature name=level`, repeatable: levels other than the release's own, or `off` to leave a feature as it is. */
export const featureOption = (): Option =>
  new Option(
    '--feature <name=level>',
    'KRaft: raise a feature to this level, or leave it as it is (off); repeatable',
  ).argParser(collect);
