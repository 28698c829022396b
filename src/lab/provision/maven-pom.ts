/** A Maven artifact by its coordinates. */
export interface MavenArtifact {
  group: string;
  artifact: string;
  version: string;
  /** One of several jars of the artifact. */
  classifier?: string;
  /** `group:artifact` of dependencies that are not wanted; `*:*` stands for all. */
  without?: readonly string[];
}

/** The text of a pom whose only purpose is to have these artifacts and what they need at run time copied. */
export function pomFor(artifacts: readonly MavenArtifact[]): string {
  return `<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>kafka-upgrade</groupId>
  <artifactId>provision</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
${artifacts.map(dependency).join('\n')}
  </dependencies>
</project>
`;
}

function dependency({ group, artifact, version, classifier, without = [] }: MavenArtifact): string {
  const exclusions = without.map((name) => {
    const [excludedGroup = '', excludedArtifact = ''] = name.split(':');
    return `<exclusion><groupId>${excludedGroup}</groupId><artifactId>${excludedArtifact}</artifactId></exclusion>`;
  });
  return [
    '    <dependency>',
    `      <groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version>`,
    ...(classifier === undefined ? [] : [`      <classifier>${classifier}</classifier>`]),
    ...(exclusions.length === 0 ? [] : [`      <exclusions>${exclusions.join('')}</exclusions>`]),
    '    </dependency>',
  ].join('\n');
}
