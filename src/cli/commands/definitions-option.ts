import { Option } from 'commander';
import type { Command } from 'commander';

/** Adds the directory of cluster definitions. */
export const withDefinitions = (command: Command): Command =>
  command.addOption(
    new Option('--definitions <directory>', 'directory of cluster definitions (*.yaml)')
      .env('KAFKA_UPGRADE_DEFINITIONS')
      .default('clusters', './clusters'),
  );
