export { type ActivitiesDeps, createActivities } from './createActivities';
export { GatewayError, type ListingGateway, type PaymentGateway, type PaymentReferences } from './gateway';
export type { Monitor, OpenRun, Runs } from './reconcile/deps';
export { createSandboxGateway } from './sandbox/sandboxGateway';
