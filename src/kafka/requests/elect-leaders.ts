import { type KafkaRequest, readText } from './kafka-request';

/** How the election of one partition went; 0 and ELECTION_NOT_NEEDED (84) are well. */
export interface ElectionResult {
  topic: string;
  partition: number;
  errorCode: number;
  errorMessage: string | null;
}

export interface ElectionAnswer {
  errorCode: number;
  results: ElectionResult[];
}

/** ElectionType.PREFERRED: never unclean. */
const PREFERRED = 0;

/** Makes the preferred replica of each partition its leader again (KIP-460). Version 1. Topic → partitions; time in ms. */
export const electPreferredLeaders = (
  partitions: ReadonlyMap<string, readonly number[]>,
  timeoutMs: number,
): KafkaRequest<ElectionAnswer> => ({
  name: 'ElectLeaders',
  apiKey: 43,
  version: 1,
  repeatable: false,
  encode: (encoder) => {
    encoder.writeInt8(PREFERRED).writeInt32(partitions.size);
    for (const [topic, ids] of partitions) {
      encoder.writeString(topic).writeInt32(ids.length);
      for (const id of ids) encoder.writeInt32(id);
    }
    encoder.writeInt32(timeoutMs);
  },
  decode: (decoder) => {
    decoder.readInt32(); // throttle time
    const errorCode = decoder.readInt16();
    const results: ElectionResult[] = [];
    decoder.readArray(() => {
      const topic = readText(decoder);
      decoder.readArray(() => {
        const partition = decoder.readInt32();
        results.push({ topic, partition, errorCode: decoder.readInt16(), errorMessage: decoder.readString() });
      });
    });
    return { errorCode, results };
  },
});
