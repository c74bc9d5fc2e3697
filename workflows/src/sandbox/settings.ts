/** A worker's settings for every run that it executes. The settings do not change what a workflow does. */
export interface SandboxSettings {
  /** Whether workflows create spans. */
  tracing?: boolean;
  /**
   * Whether the worker has a build id. If so, each workflow type declares whether its runs stay on the build that
   * started them.
   */
  versioning?: boolean;
  /** Whether failures keep their message in a payload, which the codec encrypts. */
  encryption?: boolean;
}

/**
 * The worker defines this constant in the first line of the bundle. The worker has no other way to pass settings to the
 * sandbox.
 */
declare const sandboxSettings: SandboxSettings | undefined;

export const settings: SandboxSettings = typeof sandboxSettings === 'undefined' ? {} : sandboxSettings;
