import type { ClusterMode } from '../cluster/cluster';

/** A change between releases that the operator of a cluster should read before an upgrade. */
export interface NotableChange {
  /** The first release that has it: it matters to an upgrade from before this release to this release or later. */
  since: string;
  /** The first release without it, for regressions; null when it stays. */
  until: string | null;
  /** The mode that it concerns; null for both. */
  mode: ClusterMode | null;
  title: string;
  detail: string;
  action: string;
  source: string;
}

/** The upgrade page up to 3.9. */
export const docs = (release: string): string => `docs/upgrade.html ${release}, notable changes`;

/** What a change says. */
type Words = Omit<NotableChange, 'since' | 'until' | 'mode'>;

/** A change that stays, in both modes. */
export const change = (since: string, words: Words): NotableChange => ({ since, until: null, mode: null, ...words });

/** A change that only ZooKeeper clusters meet. */
export const zookeeperChange = (since: string, words: Words): NotableChange => ({
  ...change(since, words),
  mode: 'zookeeper',
});

/** A change that only KRaft clusters meet. */
export const kraftChange = (since: string, words: Words): NotableChange => ({ ...change(since, words), mode: 'kraft' });

/** The upgrade page from 4.0 on. */
export const upgradePage = (release: string): string =>
  `docs/getting-started/upgrade.md, notable changes in ${release}`;
