/** What the process that imports an image tells, a line each. */
export interface ImportNews {
  readonly bytes: number;
  readonly total?: number;
  /** At the end. */
  readonly sha256?: string;
  /** At the end that is none. */
  readonly error?: string;
}
