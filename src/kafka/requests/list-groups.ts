import { type KafkaRequest, readText } from './kafka-request';

export interface ListGroupsAnswer {
  errorCode: number;
  groups: { groupId: string; protocolType: string }[];
}

/** Which groups does this broker coordinate? Version 2. While it loads them, it answers with an error and a part. */
export const listGroups: KafkaRequest<ListGroupsAnswer> = {
  name: 'ListGroups',
  apiKey: 16,
  version: 2,
  repeatable: true,
  encode: () => undefined,
  decode: (decoder) => {
    decoder.readInt32(); // throttle time
    const errorCode = decoder.readInt16();
    const groups = decoder.readArray(() => ({ groupId: readText(decoder), protocolType: readText(decoder) }));
    return { errorCode, groups };
  },
};
