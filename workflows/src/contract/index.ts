export * from './activities';
export * from './failures';
export * from './ids';
export * from './money';
export * from './names';
export * from './operations';
export * from './statuses';
export * from './wire';
