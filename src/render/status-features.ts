import type { FeatureStatus, UpgradeStatus } from '../domain/upgrade/upgrade-status';
import { fitColumns } from './fit-columns';
import type { ViewOptions } from './view-options';
import type { Style } from './style';

const paints: Record<FeatureStatus['state'], keyof Style> = {
  pending: 'quiet',
  raising: 'active',
  raised: 'good',
  lowering: 'attention',
  lowered: 'attention',
};

/** The table of features that are raised on KRaft, with where each is; nothing where there are none. */
export const featureStatusLines = ({ features }: UpgradeStatus, { style, width }: ViewOptions): string[] =>
  features.length === 0
    ? []
    : fitColumns(
        {
          rows: [
            ['feature', 'from', 'to', '', 'way back'].map(style.quiet),
            ...features.map(({ step, state }) => [
              step.feature,
              step.fromName,
              step.toName,
              style[paints[state]](state),
              step.reversible ? style.quiet('yes') : style.bad('none'),
            ]),
          ],
          optional: [1],
        },
        width,
      );
