import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { classesIn, jarEntries } from '../../../src/lab/provision/jar-entries';
import { useTemporaryDirectory } from '../../support/temporary-directory';

const directory = useTemporaryDirectory();

/** A ZIP archive of empty files, with extra fields and comments where the format allows them. */
function archiveOf(names: readonly string[], comment = ''): Buffer {
  const local = Buffer.from('local headers would be here');
  const central = Buffer.concat(
    names.map((name) => {
      const header = Buffer.alloc(46);
      header.writeUInt32LE(0x02014b50, 0);
      header.writeUInt16LE(name.length, 28);
      header.writeUInt16LE(4, 30);
      header.writeUInt16LE(2, 32);
      return Buffer.concat([header, Buffer.from(`${name}extrcc`)]);
    }),
  );
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([local, central, end, Buffer.from(comment)]);
}

describe('jarEntries', () => {
  it('lists every name, past extra fields and comments', async () => {
    const jar = join(directory(), 'a.jar');
    writeFileSync(jar, archiveOf(['META-INF/', 'kafka/Kafka.class'], 'built on a Tuesday'));
    await expect(jarEntries(jar)).resolves.toEqual(['META-INF/', 'kafka/Kafka.class']);
  });

  it('names the file that is no archive', async () => {
    const jar = join(directory(), 'a.jar');
    writeFileSync(jar, '<html>404</html>');
    await expect(jarEntries(jar)).rejects.toThrow(`${jar} is not a readable jar`);
  });
});

describe('classesIn', () => {
  it('collects the classes of all jars and leaves other files out', async () => {
    writeFileSync(join(directory(), 'a.jar'), archiveOf(['kafka/Kafka.class', 'kafka/Kafka.txt']));
    writeFileSync(join(directory(), 'b.jar'), archiveOf(['org/apache/kafka/tools/JmxTool.class']));
    writeFileSync(join(directory(), 'notes.txt'), 'not a jar');
    await expect(classesIn(directory())).resolves.toEqual(new Set(['kafka.Kafka', 'org.apache.kafka.tools.JmxTool']));
  });
});
