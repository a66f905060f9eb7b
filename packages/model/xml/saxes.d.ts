/**
 * What we use of saxes 6. Its own declarations do not pass our compiler flags
 * (`exactOptionalPropertyTypes`), so tsconfig `paths` points here.
 */
export interface SaxesAttributeNS {
  readonly name: string;
  readonly local: string;
  readonly value: string;
}
export interface SaxesTagNS {
  readonly name: string;
  readonly prefix: string;
  readonly local: string;
  readonly uri: string;
  readonly attributes: Readonly<Record<string, SaxesAttributeNS>>;
}
interface Handlers {
  readonly error: (error: Error) => void;
  readonly doctype: (doctype: string) => void;
  readonly opentagstart: () => void;
  readonly attribute: () => void;
  readonly opentag: (tag: SaxesTagNS) => void;
  readonly closetag: (tag: SaxesTagNS) => void;
  readonly text: (text: string) => void;
  readonly cdata: (text: string) => void;
  readonly comment: (text: string) => void;
  readonly processinginstruction: (data: {
    readonly target: string;
    readonly body: string;
  }) => void;
}
export declare class SaxesParser {
  constructor(options: {
    readonly xmlns: true;
    readonly resolvePrefix: (prefix: string) => string;
  });
  /** Offset in the text, in UTF-16 units, after what was just read. */
  readonly position: number;
  on<N extends keyof Handlers>(name: N, handler: Handlers[N]): void;
  write(chunk: string): this;
  close(): this;
}
