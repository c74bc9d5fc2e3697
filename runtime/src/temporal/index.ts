export { loadTemporalTarget, openTemporalClient, type TemporalClient, type TemporalTarget } from './client';
export { createPayloadCodec, type Payload, type PayloadCodec, PayloadKeyError } from './payloadCodec';
export { type PayloadKeys, payloadKeysVariable } from './payloadKeys';
export { outcomeOf, isUnknownRun, readHistory, type RunHistory } from './runHistory';
