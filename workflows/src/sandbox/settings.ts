/** What a worker decides for every run that it executes. None of it changes what a workflow does. */
export interface SandboxSettings {
  /** Workflows have spans. */
  tracing: boolean;
  /** The worker has a build id, and workflows say whether they stay on the build that began them. */
  versioning: boolean;
  /** Failures keep their message in a payload, which the codec encrypts. */
  encryption: boolean;
}

/** The worker defines it in the first line of the bundle: nothing else of a worker reaches the sandbox. */
declare const sandboxSettings: SandboxSettings | undefined;

export const settings: SandboxSettings =
  typeof sandboxSettings === 'undefined' ? { tracing: false, versioning: false, encryption: false } : sandboxSettings;
