/** A Kafka release as far as the layout of its distribution depends on it. */
export interface KafkaRelease {
  version: string;
  /** ZooKeeper's server and tools are part of it: up to 3.9. */
  hasZooKeeper: boolean;
  /** Configured by a log4j2 YAML file instead of log4j properties: from 4.0. */
  usesLog4j2: boolean;
  /** kafka-server-stop.sh can be told which process to stop (KIP-979): from 3.7. */
  stopsByNode: boolean;
  /** `config/kraft/` came with 2.8 and left with 4.0; usable for production from 3.3. */
  hasKraftConfigDirectory: boolean;
}

/** The release facts for a version `major.minor.patch`, 2.8 to 4.x; an error for anything else. */
export function kafkaRelease(version: string): KafkaRelease {
  const [, major, minor] = /^(\d+)\.(\d+)\.\d+$/.exec(version) ?? [];
  if (major === undefined || minor === undefined) {
    throw new Error(`"${version}" is not a Kafka release; expected three numbers, for example 3.8.1`);
  }
  const level = Number(major) * 100 + Number(minor);
  if (level < 208) throw new Error(`Kafka ${version} is older than 2.8.0, the first release supported here`);
  return {
    version,
    hasZooKeeper: level < 400,
    usesLog4j2: level >= 400,
    stopsByNode: level >= 307,
    hasKraftConfigDirectory: level >= 303 && level < 400,
  };
}
