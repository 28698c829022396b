/**
 * Is the plan that was approved still the plan? An approval may take days, and a maintenance window longer still. What would
 * be *done*, to which nodes, and what had to be accepted by name must be the same; leaders that moved and other findings of
 * the hour make no other plan: health is measured before each stop anyway.
 */
import { settingsChanged } from './definition-differences';
import type { NodeStep, PlannedPhase, UpgradePlan } from './upgrade-plan';
import { blockers, phaseTitlesOf } from './upgrade-plan';

const changed = (what: string, before: string, now: string): string[] =>
  before === now ? [] : [`${what} was ${before} and is ${now}`];

const added = (before: readonly string[], now: readonly string[], words: (names: string) => string): string[] => {
  const names = now.filter((name) => !before.includes(name));
  return names.length === 0 ? [] : [words(names.join(', '))];
};

const definitionDifferences = (before: UpgradePlan, now: UpgradePlan): string[] =>
  before.definitionSha256 === now.definitionSha256
    ? []
    : [`the cluster definition changed: ${settingsChanged(before.definition, now.definition)}`];

const nodeDifferences = (before: UpgradePlan, now: UpgradePlan): string[] => {
  const ids = ({ nodes }: UpgradePlan): string[] => nodes.map(({ nodeId }) => String(nodeId));
  return [
    ...added(ids(before), ids(now), (names) => `there are more nodes: ${names}`),
    ...added(ids(now), ids(before), (names) => `nodes are gone: ${names}`),
    ...before.nodes.flatMap(({ nodeId, version }) => {
      const node = now.nodes.find((other) => other.nodeId === nodeId);
      return node === undefined ? [] : changed(`the release of node ${nodeId}`, version, node.version);
    }),
  ];
};

/** What a step does, beside the words about it. */
const essence = ({ needed, edit, toVersion, protocol }: NodeStep): string =>
  [needed, edit.toSha256, toVersion, protocol].join(' ');

const stepDifferences = (before: UpgradePlan, now: UpgradePlan, phase: PlannedPhase): string[] =>
  before.steps[phase].flatMap((step) => {
    const other = now.steps[phase].find(({ nodeId }) => nodeId === step.nodeId);
    if (other === undefined) return [];
    if (step.edit.fromSha256 !== other.edit.fromSha256)
      return phase === 'binaries' ? [`server.properties of node ${step.nodeId} changed`] : [];
    return essence(step) === essence(other)
      ? []
      : [`what is done to node ${step.nodeId} (${phaseTitlesOf(before)[phase]}) changed`];
  });

const featureWords = ({ finalization }: UpgradePlan): string =>
  finalization.length === 0
    ? 'nothing'
    : finalization.map(({ feature, fromName, toName }) => `${feature} ${fromName} → ${toName}`).join(', ');

/** What is different in sentences; empty when the approved plan still holds. */
export const planDifferences = (before: UpgradePlan, now: UpgradePlan): string[] => [
  ...definitionDifferences(before, now),
  ...changed('the id of the cluster', before.clusterId, now.clusterId),
  ...nodeDifferences(before, now),
  ...stepDifferences(before, now, 'binaries'),
  ...stepDifferences(before, now, 'protocol'),
  ...changed('what is raised at the end', featureWords(before), featureWords(now)),
  ...changed('the level before', before.fromProtocol, now.fromProtocol),
  ...added(before.mustAccept, now.mustAccept, (names) => `more has to be accepted by name: ${names}`),
  ...blockers(now).map(({ seen }) => `there is a blocker now: ${seen}`),
];
