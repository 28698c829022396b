import type { LabMode } from '../../src/lab/lab';

/** One real upgrade of a real cluster under live traffic. */
export interface Leg {
  mode: LabMode;
  from: string;
  to: string;
}

const legs = (mode: LabMode, ...paths: [from: string, to: string][]): Leg[] =>
  paths.map(([from, to]) => ({ mode, from, to }));

/** Every kind of step that an estate may have to make, oldest first. */
export const matrix: readonly Leg[] = [
  ...legs('zookeeper', ['2.8.2', '3.7.2'], ['3.3.2', '3.9.2'], ['3.7.2', '3.8.1'], ['3.8.1', '3.9.2']),
  ...legs(
    'kraft',
    ['3.3.2', '3.6.2'],
    ['3.6.2', '3.9.2'],
    ['3.9.2', '4.0.2'],
    ['4.0.2', '4.1.2'],
    ['4.1.2', '4.3.1'],
    ['3.9.2', '4.3.1'],
  ),
  ...legs('kraft-isolated', ['3.3.2', '3.7.2'], ['3.7.2', '3.9.2'], ['3.9.2', '4.3.1']),
];

/** `zookeeper 2.8.2 → 3.7.2` */
export const legName = ({ mode, from, to }: Leg): string => `${mode} ${from} → ${to}`;
